"""The house rules that no linter knows."""

import ast
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["sundhedsaftale", "indicators", "initiatives"]
LONGEST_MODULE = 420
LONGEST_FUNCTION = 50


def repository_files() -> list[Path]:
    """What is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if path.parent.name != "migrations"]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(node: ast.AST) -> list[str]:
    """The modules an import statement names; empty for every other node and for relative imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


TREES = {path: ast.parse(path.read_text()) for path in modules()}


def test_there_is_something_to_look_at() -> None:
    assert len(TREES) > 50
    assert len(repository_files()) > 200


def test_the_project_package_imports_nothing() -> None:
    assert (ROOT / "sundhedsaftale/__init__.py").read_text() == ""


def test_no_first_party_import_hides_inside_a_function() -> None:
    found = [
        f"{relative(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for function in functions(tree)
        for node in ast.walk(function)
        for name in imported(node)
        if name.split(".")[0] in APPS
    ]
    assert found == []


def test_pandas_is_imported_only_where_figures_are_read() -> None:
    """Inside a function of the refresh, which workers run: the web process starts without it."""
    found = []
    for path, tree in TREES.items():
        inside = {id(node) for function in functions(tree) for node in ast.walk(function)}
        for node in ast.walk(tree):
            names = {name.split(".")[0] for name in imported(node)}
            reads = relative(path).startswith("indicators/refresh/") and id(node) in inside
            if "pandas" in names and not reads:
                found.append(f"{relative(path)}:{node.lineno}")
    assert found == []


def test_calculations_use_the_standard_library_and_lib_alone() -> None:
    import sys

    found = []
    for path, tree in TREES.items():
        if "calculations" not in path.parts:
            continue
        own = relative(path.parent).replace("/", ".").split(".calculations")[0] + ".calculations"
        for node in ast.walk(tree):
            for name in imported(node):
                allowed = name.split(".")[0] in sys.stdlib_module_names or name.startswith(("sundhedsaftale.lib", own))
                if not allowed:
                    found.append(f"{relative(path)}:{node.lineno} imports {name}")
    assert found == []


def test_nothing_listens_to_signals() -> None:
    pattern = re.compile(r"@receiver\b|\b(?:pre|post)_(?:save|delete|init)\b|m2m_changed")
    found = [relative(path) for path in TREES if pattern.search(path.read_text())]
    assert found == []


def test_modules_and_functions_stay_small() -> None:
    long_modules = [relative(path) for path in TREES if len(path.read_text().splitlines()) > LONGEST_MODULE]
    long_functions = [
        f"{relative(path)}:{function.lineno} {function.name}"
        for path, tree in TREES.items()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert (long_modules, long_functions) == ([], [])


def test_templates_hold_no_inline_style_script_or_handler() -> None:
    pattern = re.compile(
        r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son[a-z]+\s*=|javascript:",
        re.I,
    )
    found = [
        f"{relative(path)}: {match.group(0).strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []


def test_no_file_names_one_persons_machine_or_an_index_host() -> None:
    # Spelled in parts so that this file does not name them either.
    words = [
        "/" + "work/",
        "/" + "root/",
        "py" + "pi.org",
        "python" + "hosted.org",
        "registry." + "npmjs",
        "/" + "opt/py" + "pi",
    ]
    found = []
    for path in repository_files():
        if relative(path).startswith(("static/vendor/", "tests/vendor/", "tests/data/")):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{relative(path)}: {word}" for word in words if word in text]
        if re.search(r"/(?:home|Users)/[a-z]", text):
            found.append(f"{relative(path)}: a home folder")
    assert found == []


@pytest.mark.parametrize("name", ["uv", "base", "test"])
def test_every_pinned_package_has_its_hash_and_no_host(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if block.strip() and not block.startswith("#")]
    assert blocks
    assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|--index|--find-links|--extra|file:", text) == []


@pytest.mark.parametrize("name", ["base", "test"])
def test_every_dependency_has_a_reason_and_a_pin(name: str) -> None:
    pinned = {
        re.split(r"[=\[]", line)[0].lower()
        for line in (ROOT / f"requirements/{name}.txt").read_text().splitlines()
        if re.match(r"[A-Za-z]", line)
    }
    for line in (ROOT / f"requirements/{name}.in").read_text().splitlines():
        if not line or line.startswith(("#", "-r")):
            continue
        wanted, _, reason = line.partition("#")
        package = re.match(r"[A-Za-z0-9._-]+", wanted)
        assert package is not None
        assert len(reason.strip()) > 3, line
        assert package.group(0).lower() in pinned, line


def test_tests_and_program_agree_on_versions() -> None:
    """What is tested is what runs."""
    pins = [
        dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.M))
        for name in ("base", "test")
    ]
    assert {name: version for name, version in pins[0].items() if pins[1].get(name) != version} == {}


def test_the_build_machine_runs_what_a_person_runs() -> None:
    run = ROOT / ".ci/run"
    assert "make test" in run.read_text()
    assert run.stat().st_mode & 0o111


def test_the_schema_of_compose_is_the_one_the_note_names() -> None:
    digest = hashlib.sha256((ROOT / "tests/data/compose-spec.json").read_bytes()).hexdigest()
    assert digest in (ROOT / "tests/data/README.md").read_text()


def test_the_licence_is_the_eupl() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert "Applicable Law" in text
