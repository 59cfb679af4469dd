"""The wheel holds everything that the program reads, and runs from there; no network is used."""

import os
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.mark.parametrize(
    "pattern",
    [
        "chess_analytics/py.typed",
        "chess_analytics/games/openings.tsv",
        "chess_analytics/samples/*.gz",
        "chess_analytics/samples/README.md",
        "chess_analytics/*/report.html.j2",
        "chess_analytics/engine/launch.py",
        "chess_analytics/engine/wasm/package.json",
        "chess_analytics/engine/wasm/package-lock.json",
        "chess_analytics/engine/wasm/node-requirements.txt",
        "*.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_what_the_program_reads(wheel: Path, pattern: str) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if fnmatchcase(name, pattern)]


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    source = ROOT / "src"
    files = {
        path.relative_to(source).as_posix()
        for path in (source / "chess_analytics").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == files


def test_the_program_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def run(*words: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, *words]
        return subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)

    place = run("-c", "import chess_analytics; print(chess_analytics.__file__)")
    assert Path(place.strip()).is_relative_to(tmp_path)
    assert project["version"] in run("-m", "chess_analytics", "--version")
