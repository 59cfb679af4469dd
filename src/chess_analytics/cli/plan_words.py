"""A plan, as text for people and as an object for programs."""

from dataclasses import asdict
from typing import Any

from chess_analytics.planning.phases import YEARS, Load, Plan, Sizing
from chess_analytics.planning.prices import Prices
from chess_analytics.planning.service_times import ServiceTimes
from chess_analytics.planning.waits import Waits

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
# Of CHESS_ANALYTICS_JOB_PLACES.
_DEFAULT_PLACES, _MOST_PLACES = 3, 1000


def plan_text(plan: Plan, taken: ServiceTimes, prices: Prices | None) -> str:
    """Write the plan down as a page."""
    demand = plan.workload.demand
    lines = [
        f"{demand.users:,} users, each with {demand.games_a_user_week:g} games a week in "
        + (_many(demand.jobs_a_user_week, "batch", "batches") + " and ")
        + _many(demand.singles_a_user_week, "single game", "single games")
        + f"; {demand.peak:g} times the mean in four hours of the day",
        f"a game takes {plan.workload.mean_s:.1f} s of a core ({taken.source})",
        f"on average {plan.workload.mean_slots:.2f} cores are at work",
        f"95 of 100 batches are to be done within {_time(plan.workload.target_s)}",
        "",
        *_table(plan.phases),
        "",
        *(line for phase in plan.phases for line in _fate(phase)),
        "",
        _choice(plan),
    ]
    if _DEFAULT_PLACES < plan.phases[0].shown.places <= _MOST_PLACES:
        lines.append(
            f"Up to {plan.phases[0].shown.places:,} batches are at work at once: set "
            "CHESS_ANALYTICS_JOB_PLACES so high, or CHESS_ANALYTICS_JOB_LINE=true."
        )
    if plan.phases[0].shown.parts > 1:
        lines.append(f"One of {plan.phases[0].shown.parts} equal parts of the users was simulated.")
    return "\n".join([*lines, *_money(plan, prices)])


def plan_object(plan: Plan, taken: ServiceTimes, prices: Prices | None) -> dict[str, Any]:
    """Put the plan into an object; times are seconds, and a wait begins when a job is created."""
    choice = plan.choice
    return {
        "demand": asdict(plan.workload.demand),
        "target_wait_s": plan.workload.target_s,
        "seconds_a_game": round(plan.workload.mean_s, 3),
        "service_times": taken.source,
        "cores_at_work_on_average": round(plan.workload.mean_slots, 3),
        "phases": [_phase_object(phase) for phase in plan.phases],
        "phase_that_fits": choice.number if choice else None,
        "prices": asdict(prices) if prices else None,
        "engines_cost_of_a_million_games": _rounded(plan.a_million_games),
    }


def _phase_object(phase: Sizing) -> dict[str, Any]:
    return {
        "phase": phase.number,
        "name": phase.name,
        "fits": phase.fits,
        "keeps_target": phase.keeps_target,
        "slots": phase.shown.slots,
        "slots_on_average": round(phase.shown.mean_slots, 2),
        "busy": round(phase.shown.busy, 3),
        "workers": phase.workers,
        "cores": phase.cores,
        "memory_mb": phase.memory_mb,
        "database_gb_a_year": round(phase.database_gb_a_year, 2),
        "redis_mb": phase.redis_mb,
        "cost_a_month": _rounded(phase.month),
        "batch_wait_s": _waits(phase.shown.batches),
        "single_wait_s": _waits(phase.shown.singles),
        "batches_at_once": phase.shown.places,
        "users_at_most": phase.users_at_most,
        "breaks_in_this_order": [_load_object(load) for load in phase.loads],
    }


def _load_object(load: Load) -> dict[str, Any]:
    return {
        "what": load.what,
        "used": round(load.used, 2),
        "most": load.most,
        "remedy": load.remedy,
    }


def _waits(waits: Waits) -> dict[str, float]:
    return {name: round(seconds, 1) for name, seconds in asdict(waits).items()}


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)


_HEAD = ("", "phase", "slots", "workers", "cores", "memory", "database", "Redis", "a month",
         "batch p50", "p90", "p95", "p99", "single p95")  # fmt: skip


def _table(phases: tuple[Sizing, ...]) -> list[str]:
    rows = [_HEAD, *map(_row, phases)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(phase: Sizing) -> tuple[str, ...]:
    batches = phase.shown.batches
    return (
        "fits" if phase.fits else "no",
        f"{phase.number} {phase.name}",
        f"{phase.shown.slots:,}",
        f"{phase.workers:,}" if phase.workers else "-",
        f"{phase.cores:,}",
        f"{phase.memory_mb / 1024:,.1f} GiB",
        f"{phase.database_gb_a_year:,.1f} GB a year",
        f"{phase.redis_mb} MiB" if phase.redis_mb else "-",
        "-" if phase.month is None else f"{phase.month:,.0f}",
        _time(batches.p50_s),
        _time(batches.p90_s),
        _time(batches.p95_s),
        _time(batches.p99_s),
        _time(phase.shown.singles.p95_s),
    )


def _fate(phase: Sizing) -> list[str]:
    """Tell up to where a phase goes, and what is wrong with it now."""
    if phase.fits:
        first = phase.first_to_break
        what = f"{first.what} ({first.used:,.1f} of {first.most:,.0f}); then: {first.remedy}"
        users = f"{phase.users_at_most:,} such users"
        return [f"Phase {phase.number} bears about {users}. First to break: {what}."]
    too_much = [load for load in phase.loads if load.used > load.most]
    lines = [
        f"Phase {phase.number} does not fit: {load.what} ({load.used:,.1f}, there can be "
        f"{load.most:,.0f}). Remedy: {load.remedy}."
        for load in too_much
    ]
    if not phase.keeps_target:
        lines.append(
            f"Phase {phase.number} does not keep the target with any number of slots: a batch's "
            "longest game takes longer. Set a longer --target-wait, or a quicker --profile."
        )
    return lines


def _choice(plan: Plan) -> str:
    choice = plan.choice
    if choice is None:
        return (
            "No phase fits as it is: see what each lacks. docs/concepts/scale.md tells how the "
            "users are divided among several installations."
        )
    rest = [phase for phase in plan.phases if phase.number > choice.number and phase.fits]
    then = (
        f"; move on to phase {rest[0].number} at about {choice.users_at_most:,} users"
        if rest
        else "; beyond that the users are divided, as docs/concepts/scale.md tells"
    )
    return f"Phase {choice.number} ({choice.name}) fits{then}."


def _money(plan: Plan, prices: Prices | None) -> list[str]:
    if prices is None or plan.a_million_games is None:
        return ["No cost: --prices FILE names prices (deploy/prices.example.toml)."]
    when = f"by prices of this day: {prices.date}"
    million = f"the cores for a million games cost {plan.a_million_games:,.0f}"
    return [f"Cost a month in {prices.currency}, {when}, with disks for {YEARS} years; {million}."]


def _many(count: float, one: str, more: str) -> str:
    return f"{count:g} {one if count == 1 else more}"


def _time(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    if seconds < _DAY_S:
        return f"{seconds / _HOUR_S:.1f} h"
    return f"{seconds / _DAY_S:.1f} d"
