"""Install an engine for a user who has none, with the least that this machine needs."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from chess_analytics.engine.discovery import (
    WASM_SCRIPT,
    EngineCommand,
    EngineNotFound,
    Places,
    find_engine,
    find_native,
    find_node,
)
from chess_analytics.engine.evaluation import EngineError, SearchRequest
from chess_analytics.engine.uci import UciEngine

Report = Callable[[str], None]

# The rest of the npm package, 190 MB of other builds, is left behind.
_KEPT = (f"bin/{WASM_SCRIPT}", f"bin/{WASM_SCRIPT.removesuffix('.js')}.wasm", "Copying.txt")
_DOWNLOAD_S = 900.0
_TRIAL_NODES = 5_000
_START = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"


class InstallFailed(EngineError):
    """The engine could not be installed; the message holds the reason and another way."""


def install_engine(
    report: Report, places: Places | None = None, *, setting: str | None = None
) -> EngineCommand:
    """Make sure that there is an engine; prove one that had to be installed by a search.

    An engine that is set or there is taken as it is. Otherwise, as root on Debian and Ubuntu, the
    system's package is installed; for anybody else Stockfish's WebAssembly build, into the user's
    own data. Needs the network, unless there is nothing to do.

    Raises:
        EngineNotFound: the setting names no program.
        InstallFailed: a step failed.
        EngineError: the engine was installed but does not work.
    """
    places = places or Places.here()
    if setting:
        return find_engine(setting, places)
    present = _present(places)
    if present is not None:
        return present
    command = _from_debian(report, places) or _from_npm(report, places)
    _try(command, report)
    return command


def _present(places: Places) -> EngineCommand | None:
    try:
        return find_engine(None, places)
    except EngineNotFound:
        return None


def _from_debian(report: Report, places: Places) -> EngineCommand | None:
    apt = shutil.which("apt-get", path=places.path)
    if apt is None or os.geteuid() != 0:
        return None
    report("Installing the package stockfish with apt-get …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        _run([apt, "update"], environment=quiet)
        _run([apt, "install", "--yes", "--no-install-recommends", "stockfish"], environment=quiet)
    except InstallFailed as error:
        report(f"{error} Trying the WebAssembly build instead.")
        return None
    return find_native(places)


def _from_npm(report: Report, places: Places) -> EngineCommand:
    places.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    npm = _npm(report, places)
    report("Downloading Stockfish Lite (WebAssembly) from npm: 150 MB, of which 2 MB are kept …")
    with _staging(places) as staging:
        for name in ("package.json", "package-lock.json"):
            (staging / name).write_bytes(_shipped(name))
        # The package's own script only makes links that we do not need.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(staging / "cache")]
        _run([*npm, "ci", *options], folder=staging)
        keep_wasm(staging / "node_modules" / "stockfish", places)
    return find_engine(None, places)


def keep_wasm(package: Path, places: Places) -> None:
    """Take the one build that we run out of an unpacked npm package ``stockfish``.

    Raises:
        InstallFailed: it is not in there.
    """
    with _staging(places) as staging:
        for name in _KEPT:
            source = package / name
            if not source.is_file():
                raise InstallFailed(
                    f"{source} is missing from the npm package. Report this; meanwhile install "
                    "Stockfish by your system's packages."
                )
            shutil.copyfile(source, staging / source.name)
        kept = places.wasm_script.parent
        shutil.rmtree(kept, ignore_errors=True)
        staging.rename(kept)


def _npm(report: Report, places: Places) -> list[str]:
    """Give the command of an npm whose Node can run the engine; fetch both if need be."""
    npm = shutil.which("npm", path=places.path)
    node = find_node(places)
    if npm is not None and node is not None and node != str(places.installed_node):
        return [npm]
    if node != str(places.installed_node):
        _install_node(report, places)
    script = (
        places.installed_node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    )
    return [str(places.installed_node), str(script)]


def _install_node(report: Report, places: Places) -> None:
    report("Downloading Node from PyPI: 60 MB …")
    with _staging(places) as staging:
        requirements = staging / "node-requirements.txt"
        requirements.write_bytes(_shipped(requirements.name))
        target = staging / "node"
        options = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]
        _run([*_pip(), *options, "--target", str(target), "-r", str(requirements)])
        kept = places.data / "node"
        shutil.rmtree(kept, ignore_errors=True)
        target.rename(kept)


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "pip", "install", "--python", sys.executable]
    raise InstallFailed(
        "Neither pip nor uv is there to fetch Node. Install Node 18 or newer with npm, or "
        "Stockfish itself, by your system's packages."
    )


def _run(
    argv: list[str], *, folder: Path | None = None, environment: dict[str, str] | None = None
) -> None:
    try:
        subprocess.run(
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_DOWNLOAD_S,
            check=True,
            text=True,
            errors="replace",
        )
    except subprocess.CalledProcessError as error:
        words = "\n".join(str(error.stdout).strip().splitlines()[-8:])
        raise InstallFailed(
            f"`{' '.join(argv[:3])} …` failed with exit code {error.returncode}:\n{words}\n"
            "Is the network there? Otherwise install Stockfish by your system's packages."
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallFailed(f"`{' '.join(argv[:3])} …` did not finish: {error}.") from error


def _try(command: EngineCommand, report: Report) -> None:
    with UciEngine(command) as engine:
        found = engine.search(SearchRequest(_START, (), _TRIAL_NODES))
        report(f"{engine.identity.name} works: {command.describe()}; it would play {found.best}.")


@contextmanager
def _staging(places: Places) -> Iterator[Path]:
    """Give a folder beside the final ones, so that what is ready is moved there in one step."""
    with tempfile.TemporaryDirectory(
        dir=places.data, prefix="unfinished-", ignore_cleanup_errors=True
    ) as folder:
        inner = Path(folder) / "content"
        inner.mkdir()
        yield inner


def _shipped(name: str) -> bytes:
    return (resources.files("chess_analytics.engine") / "wasm" / name).read_bytes()
