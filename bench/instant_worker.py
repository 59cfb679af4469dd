"""Start the program with engines that answer at once; `tests.faults.launch` explains the words."""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Put the engines in the place of those that a worker of a fleet would look for."""
    sys.path.insert(0, str(ROOT))
    # Only now is there a path to them.
    from bench.instant import Instants  # noqa: PLC0415
    from chess_analytics.cli import fleet  # noqa: PLC0415

    vars(fleet)["engine_source"] = lambda _settings: Instants()
    runpy.run_path(str(ROOT / "tests" / "faults" / "launch.py"), run_name="__main__")


if __name__ == "__main__":
    main()
