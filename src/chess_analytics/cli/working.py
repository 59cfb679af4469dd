"""How commands analyse: with which engine, how many at once, and within which limits."""

from chess_analytics.engine.discovery import Places
from chess_analytics.engine.machine import give_way, usable_cores
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.beat import Upkeep
from chess_analytics.jobs.engine_supply import InstalledEngine
from chess_analytics.jobs.local import WorkPlan
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.settings import Settings


def engine_source(settings: Settings) -> InstalledEngine:
    """Give the engine of this machine."""
    uci = UciSettings(hash_mb=settings.hash_mb, syzygy_path=settings.syzygy_path)
    return InstalledEngine(settings.engine, Places.here(settings.data_dir), uci)


_NICENESS = 5


def work_behind() -> None:
    """Let whoever answers people on this machine go first; a worker's engines come after it."""
    give_way(_NICENESS)


def work_plan(settings: Settings) -> WorkPlan:
    """Say how this machine works; a command that analyses does so with one engine at least."""
    return WorkPlan(
        slots=settings.workers or usable_cores(),
        upkeep=Upkeep(settings.job_limits, settings.shared_evaluations),
        quiet=QuietHours.parse(settings.quiet_hours) if settings.quiet_hours else QuietHours(),
        grace_s=settings.grace_s,
    )
