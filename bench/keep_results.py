"""Print figures, and keep them with date, commit and machine."""

import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_RESULTS = Path(__file__).parent / "results"


def keep_results(figures: Mapping[str, Any]) -> None:
    """Print the figures of the named measurements, and keep them in bench/results."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    results = {
        "date": date,
        "commit": _commit(),
        "machine": {"cpu": _cpu_model(), "python": platform.python_version()},
        **figures,
    }
    text = json.dumps(results, indent=2)
    print(text)
    _RESULTS.mkdir(parents=True, exist_ok=True)
    stamp = date.replace(":", "").replace("+0000", "")
    (_RESULTS / f"{stamp}-{'-'.join(figures)}.json").write_text(text + "\n")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")
