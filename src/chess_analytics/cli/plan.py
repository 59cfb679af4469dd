"""``chess-analytics plan``: how large an installation has to be, and which phase fits."""

import json
from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.plan_inputs import (
    measure_service_times,
    read_duration,
    read_prices,
    read_service_times,
)
from chess_analytics.cli.plan_words import plan_object, plan_text
from chess_analytics.cli.talk import STDERR
from chess_analytics.engine.profile import STANDARD, Profile, ProfileUnknown, profile_named
from chess_analytics.planning.demand import Demand
from chess_analytics.planning.phases import plan as make_plan
from chess_analytics.planning.service_times import ServiceTimes
from chess_analytics.planning.sizing import Workload


def _profile(name: str) -> Profile:
    try:
        return profile_named(name)
    except ProfileUnknown as error:
        raise typer.BadParameter(f"--profile: {error}") from error


def plan(  # noqa: PLR0913 - one parameter an option of the command
    *,
    users: Annotated[int, typer.Option(min=1, max=100_000_000, metavar="N", help="How many.")],
    games_per_user_week: Annotated[
        float, typer.Option(min=0.01, max=100_000, metavar="N", help="That are to be analysed.")
    ] = 40.0,
    jobs_per_user_week: Annotated[
        float,
        typer.Option(min=0.01, max=1000, metavar="N", help="In so many batches these come."),
    ] = 1.0,
    singles_per_user_week: Annotated[
        float,
        typer.Option(min=0, max=1000, metavar="N", help="Single games that somebody waits for."),
    ] = 1.0,
    peak: Annotated[
        float,
        typer.Option(
            min=1, max=6, help="In four hours of each day so many times the mean is asked for."
        ),
    ] = 3.0,
    profile: Annotated[
        str, typer.Option(metavar="NAME", help="fast, standard, deep or nodes-N.")
    ] = STANDARD.name,
    target_wait: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            help="95 of 100 batches are to be done after so long: 90s, 30m, 1h, 2d.",
        ),
    ] = "1h",
    seconds_per_game: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            max=86_400,
            metavar="S",
            help="What a game takes one engine; by default this machine's engine is measured.",
        ),
    ] = None,
    service_times: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What games took, in seconds, one a line."),
    ] = None,
    server_cores: Annotated[
        int,
        typer.Option(
            min=1, max=1024, metavar="N", help="Cores of the largest single machine to be had."
        ),
    ] = 16,
    prices: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Prices a month, as in deploy/prices.example.toml."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one gives another chance.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Say how large an installation has to be: workers, memory, disks, cost, waiting times.

    The queue is simulated by the rules that a server uses, with games that take what this
    machine's engine needs for them. Three ways to run it are sized: one server, workers beside it,
    Kubernetes.
    """
    if games_per_user_week < jobs_per_user_week:
        raise typer.BadParameter(
            "a batch holds at least one game; lower --jobs-per-user-week to at most "
            f"{games_per_user_week:g}"
        )
    if seconds_per_game and service_times:
        raise typer.BadParameter(
            "--seconds-per-game and --service-times both say what games take; give one"
        )
    target_s = read_duration(target_wait, "--target-wait")
    known_prices = read_prices(prices) if prices else None
    taken = _service_times(_profile(profile), seconds_per_game, service_times)
    STDERR.print("simulating; more users take longer, at most a minute", markup=False)
    demand = Demand(users, games_per_user_week, jobs_per_user_week, singles_per_user_week, peak)
    workload = Workload(demand, taken.seconds, target_s, seed)
    made = make_plan(workload, server_cores, known_prices)
    if as_json:
        typer.echo(json.dumps(plan_object(made, taken, known_prices), indent=2))
    else:
        typer.echo(plan_text(made, taken, known_prices))


def _service_times(
    profile: Profile, seconds_per_game: float | None, file: Path | None
) -> ServiceTimes:
    if seconds_per_game:
        return ServiceTimes((seconds_per_game,), "given; every game takes the same")
    if file:
        return read_service_times(file)
    STDERR.print("measuring this machine's engine", markup=False)
    return measure_service_times(read_settings(), profile)
