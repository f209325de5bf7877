"""Front-end files made by others are the published ones."""

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import vendor  # noqa: E402


@pytest.mark.parametrize("package", vendor.PACKAGES, ids=lambda package: package.name)
def test_every_committed_file_is_the_one_in_the_manifest(package: vendor.Package) -> None:
    assert vendor.problems(package) == []


def test_a_changed_a_missing_and_an_extra_file_are_each_named(tmp_path: Path) -> None:
    package = vendor.PACKAGES[1]
    folder = tmp_path / package.folder
    shutil.copytree(ROOT / package.folder, folder)
    (folder / "axe.min.js").write_text("changed")
    (folder / "LICENSE").unlink()
    (folder / "extra.js").write_text("")
    found = vendor.problems(package, root=tmp_path)
    assert f"{package.folder}/axe.min.js is not the file that was published." in found
    assert f"{package.folder}/LICENSE is missing." in found
    assert f"{package.folder}/extra.js is not in the manifest." in found
    assert len(found) == 3


def test_another_integrity_than_the_pinned_one_is_named(tmp_path: Path) -> None:
    package = vendor.PACKAGES[1]
    folder = tmp_path / package.folder
    shutil.copytree(ROOT / package.folder, folder)
    manifest = json.loads((folder / "vendor.json").read_text())
    (folder / "vendor.json").write_text(json.dumps({**manifest, "integrity": "sha512-x"}))
    assert "integrity" in vendor.problems(package, root=tmp_path)[0]


def test_integrity_is_written_as_registries_write_it() -> None:
    # The empty text's sha512, as any registry would print it.
    assert vendor.integrity_of(b"").startswith(
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwv"
    )


def test_font_faces_name_only_files_we_ship() -> None:
    css = (ROOT / "static/vendor/dkfds/css/dkfds.min.css").read_text()
    folder = ROOT / "static/vendor/dkfds/css"
    named = set(vendor.re.findall(r"url\((\.\./[^)]+)\)", css))
    assert len(named) > 100
    assert {name for name in named if not (folder / name).is_file()} == set()
    assert ".eot" not in css


def test_no_source_map_is_promised() -> None:
    for path in (ROOT / "static/vendor").rglob("*"):
        if path.suffix in {".css", ".js"}:
            assert b"sourceMappingURL" not in path.read_bytes(), path
