"""Run every measurement, print the figures, keep them with date, commit and machine."""

import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    agreement,
    analysing,
    claims,
    game_pages,
    import_store,
    importing,
    insights,
    sharing,
    storing,
)

_RESULTS = Path(__file__).parent / "results"
_MEASUREMENTS = {
    "importing": importing.measure,
    "analysing": analysing.measure,
    "agreement": agreement.measure,
    "ceiling": agreement.measure_ceiling,
    "sharing": sharing.measure,
    "storing": storing.measure,
    "game_pages": game_pages.measure,
    "claims": claims.measure,
    "import_store": import_store.measure,
    "import_large": import_store.measure_large,
    "insights": insights.measure,
}


def main() -> None:
    """Run the named measurements, or the short ones."""
    names = sys.argv[1:] or ["importing", "analysing"]
    _RESULTS.mkdir(parents=True, exist_ok=True)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    results = {
        "date": date,
        "commit": _commit(),
        "machine": {"cpu": _cpu_model(), "python": platform.python_version()},
        **{name: _MEASUREMENTS[name]() for name in names},
    }
    text = json.dumps(results, indent=2)
    print(text)
    stamp = date.replace(":", "").replace("+0000", "")
    (_RESULTS / f"{stamp}-{'-'.join(names)}.json").write_text(text + "\n")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


if __name__ == "__main__":
    main()
