"""Front-end files made by others: fetched once, pinned, trimmed, committed and verified.

    python scripts/vendor.py --check   every committed file is the one the manifest names (no network)
    python scripts/vendor.py           fetches the published packages with `npm pack`, verifies each against its
                                       published integrity, trims it and writes the files and the manifests anew

A manifest (`vendor.json`, beside the files) holds the package, its version, the integrity its registry publishes, and
the sha256 of each file, so that one can go from a byte on the page to the published package.

What is changed on the way: the source map line at the end of css and js is dropped (the map is not shipped, and
collecting static files stops at a missing one), and the font faces of dkfds name woff2 files only. As published they
list .eot first, which browsers refuse and then print in serif, and name files that we do not ship.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FONTS = "package/dist/fonts/IBMPlexSans/complete"


@dataclass(frozen=True)
class Package:
    """One published package; `files` maps each path inside it (or a folder ending in /) to a path in `folder`."""

    name: str
    version: str
    integrity: str
    licence: str
    folder: str
    files: dict[str, str]


PACKAGES = [
    Package(
        name="dkfds",
        version="11.2.0",
        integrity="sha512-JuVf8NjEOeF+TKIhEFXa3BfZvk1ulQM8+XN+6QhgDo6kiwwvupyBY34YU4FglBeyFWHbE5mYDmnrcYTWOSKkEA==",
        licence="MIT AND OFL-1.1 AND Apache-2.0",
        folder="static/vendor/dkfds",
        files={
            "package/LICENSE.md": "LICENSE.md",
            "package/dist/css/dkfds.min.css": "css/dkfds.min.css",
            "package/dist/js/dkfds.min.js": "js/dkfds.min.js",
            "package/dist/img/": "img/",
            f"{FONTS}/woff2/license.txt": "fonts/IBMPlexSans/complete/license.txt",
            **{
                f"{FONTS}/woff2/IBMPlexSans-{face}.woff2": f"fonts/IBMPlexSans/complete/woff2/IBMPlexSans-{face}.woff2"
                for face in ("Regular", "Italic", "Medium", "SemiBold", "Bold")
            },
            # Charts and PDFs are made on the server, and their makers read ttf.
            **{
                f"{FONTS}/ttf/IBMPlexSans-{face}.ttf": f"fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{face}.ttf"
                for face in ("Regular", "SemiBold", "Bold")
            },
        },
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        licence="MPL-2.0",
        folder="tests/vendor/axe-core",
        files={
            "package/LICENSE": "LICENSE",
            "package/LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
            "package/axe.min.js": "axe.min.js",
        },
    ),
]

SOURCE_MAP = re.compile(rb"\s*(?://# sourceMappingURL=[^\n]*|/\*# sourceMappingURL=.*?\*/)\s*$")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
WOFF2 = re.compile(r'url\([^)]*?([^/)]+\.woff2)\) format\("woff2"\)')


def integrity_of(data: bytes) -> str:
    """Subresource integrity as package registries write it: `sha512-` and base64."""
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def only_woff2(css: str, shipped: set[str]) -> str:
    """Font faces with their woff2 file alone; a face whose file is not `shipped` goes out, `local()` stays."""

    def face(match: re.Match[str]) -> str:
        block = match.group(0)
        if "url(" not in block:
            return block
        found = WOFF2.search(block)
        if not found or found.group(1) not in shipped:
            return ""
        return re.sub(r"src:[^;}]*", lambda _: "src:" + found.group(0), block)

    return FONT_FACE.sub(face, css)


def trimmed(target: str, data: bytes, package: Package) -> bytes:
    """The bytes we ship for `target`."""
    if target.endswith((".css", ".js")):
        data = SOURCE_MAP.sub(b"", data) + b"\n"
    if target.endswith(".css"):
        shipped = {name.rsplit("/", 1)[-1] for name in package.files.values() if name.endswith(".woff2")}
        data = only_woff2(data.decode(), shipped).encode()
    return data


def target_for(package: Package, source: str) -> str | None:
    if source in package.files:
        return package.files[source]
    for prefix, folder in package.files.items():
        if prefix.endswith("/") and source.startswith(prefix):
            return folder + source.removeprefix(prefix)
    return None


def rebuild(package: Package, root: Path = ROOT) -> None:
    """Fetches one package, refuses it when its integrity is another than the pinned one, and writes our files."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not on this machine; it is needed to fetch front-end packages (not to check them).")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([npm, "pack", "--silent", f"{package.name}@{package.version}"], cwd=scratch, check=True)
        tarball = next(Path(scratch).glob("*.tgz"))
        found = integrity_of(tarball.read_bytes())
        if found != package.integrity:
            raise SystemExit(
                f"{package.name} {package.version} is not the published package that is pinned here:\n"
                f"  fetched {found}\n  pinned  {package.integrity}\nNothing is written."
            )
        folder = root / package.folder
        shutil.rmtree(folder, ignore_errors=True)
        hashes: dict[str, str] = {}
        with tarfile.open(tarball) as archive:
            for member in sorted(archive.getmembers(), key=lambda one: one.name):
                target = target_for(package, member.name) if member.isfile() else None
                stream = archive.extractfile(member) if target else None
                if target is None or stream is None:
                    continue
                place = folder / target
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(trimmed(target, stream.read(), package))
                hashes[target] = sha256_of(place)
    manifest = {
        "package": package.name,
        "version": package.version,
        "integrity": package.integrity,
        "licence": package.licence,
        "files": dict(sorted(hashes.items())),
    }
    (folder / "vendor.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{package.name} {package.version}: {len(hashes)} files in {package.folder}")


def problems(package: Package, root: Path = ROOT) -> list[str]:
    """What is wrong with the committed files of one package, a sentence each; empty when all is as recorded."""
    folder = root / package.folder
    place = folder / "vendor.json"
    if not place.is_file():
        return [f"{package.folder}/vendor.json is missing."]
    manifest = json.loads(place.read_text())
    found = [
        f"{package.folder}/vendor.json says {key} {manifest.get(key)!r}, scripts/vendor.py says {value!r}."
        for key, value in (("version", package.version), ("integrity", package.integrity))
        if manifest.get(key) != value
    ]
    on_disk = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path != place
    }
    recorded: dict[str, str] = manifest["files"]
    found += [f"{package.folder}/{name} is missing." for name in recorded if name not in on_disk]
    found += [f"{package.folder}/{name} is not in the manifest." for name in sorted(on_disk) if name not in recorded]
    found += [
        f"{package.folder}/{name} is not the file that was published."
        for name, digest in recorded.items()
        if name in on_disk and sha256_of(on_disk[name]) != digest
    ]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Front-end files made by others.")
    parser.add_argument("--check", action="store_true", help="verify the committed files, without network")
    if not parser.parse_args().check:
        for package in PACKAGES:
            rebuild(package)
    found = [problem for package in PACKAGES for problem in problems(package)]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
