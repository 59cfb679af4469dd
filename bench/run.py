"""Run the named measurements, print the figures, keep them."""

import sys

from bench import (
    agreement,
    analysing,
    claims,
    fairness,
    faults,
    first_run,
    fleet,
    game_pages,
    import_store,
    importing,
    insights,
    jobs,
    pages,
    plan,
    served_jobs,
    sharing,
    storing,
)
from bench.keep_results import keep_results
from bench.load import mixed

_MEASUREMENTS = {
    "importing": importing.measure,
    "analysing": analysing.measure,
    "ceiling": agreement.measure_ceiling,
    "sharing": sharing.measure,
    "storing": storing.measure,
    "game_pages": game_pages.measure,
    "claims": claims.measure,
    "fleet": fleet.measure,
    "plan": plan.measure,
    "load": mixed.measure,
    "import_store": import_store.measure,
    "jobs": jobs.measure,
    "served_jobs": served_jobs.measure,
    "pages": pages.measure,
    "first_run": first_run.measure,
    "import_large": import_store.measure_large,
    "insights": insights.measure,
    "fairness": fairness.measure,
    "faults": faults.measure,
    "faults_stockfish": faults.measure_stockfish,
}


def main() -> None:
    """Run the named measurements, or the short ones."""
    names = sys.argv[1:] or ["importing", "analysing"]
    keep_results({name: _MEASUREMENTS[name]() for name in names})


if __name__ == "__main__":
    main()
