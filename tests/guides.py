"""The shell commands that stand in our guides, to be carried out by tests as they stand there."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.cli.commands import LONG_ENOUGH_S, Home

GUIDES = Path(__file__).resolve().parents[1] / "docs" / "guides"


def commands(guide: str, heading: str) -> str:
    """Give the commands that stand below a heading of a guide."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    _, found, below = text.partition(f"# {heading}\n")
    assert found, heading
    section = re.split(r"^#+ ", below, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert blocks, heading
    return "".join(blocks)


def run_shell(
    home: Home, script: str, settings: Mapping[str, str], *programs: Path
) -> "subprocess.CompletedProcess[str]":
    """Run commands in one shell, which ends at the first that fails; ours is on its path."""
    path = [str(Path(sys.executable).parent), *map(str, programs), home.environment["PATH"]]
    return subprocess.run(
        ["sh", "-eu", "-c", script],
        env={**home.environment, "PATH": os.pathsep.join(path), **settings},
        cwd=home.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG_ENOUGH_S,
    )
