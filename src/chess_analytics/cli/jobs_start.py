"""``chess-analytics jobs start``: analyse all games that were not analysed, or some of them."""

import json
import time
from typing import Annotated

import typer

from chess_analytics.actions.describe_job import describe_job, standing_object
from chess_analytics.cli.game_options import (
    DAY_MS,
    ColorOption,
    EcoOption,
    ImportOption,
    OpeningOption,
    OpponentOption,
    OutcomeOption,
    PlayerOption,
    SinceOption,
    SiteOption,
    SpeedOption,
    UntilOption,
    player_id,
    start_ms,
)
from chess_analytics.cli.job_words import JsonOption
from chess_analytics.cli.jobs_watch import follow_to_the_end
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.engine.profile import PROFILES, STANDARD, Profile, uniform
from chess_analytics.jobs.admission import BatchWish, start_batch
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.job_admission import JobLimits

_MINUTE_S = 60
_HOUR_S = 3600
_MOST_PRIORITY = 100


def _profile(name: str) -> Profile:
    if name not in PROFILES:
        raise typer.BadParameter(f"there is no {name!r}; choose one of {', '.join(PROFILES)}")
    return PROFILES[name]


def start(  # noqa: PLR0913 - one parameter an option of the command
    *,
    user: UserOption = None,
    player: PlayerOption = None,
    site: SiteOption = None,
    speed: SpeedOption = None,
    color: ColorOption = None,
    outcome: OutcomeOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    eco: EcoOption = None,
    opening: OpeningOption = None,
    opponent: OpponentOption = None,
    import_id: ImportOption = None,
    profile: Annotated[
        Profile | None,
        typer.Option(
            parser=_profile, metavar="|".join(PROFILES), help="How hard the engines work."
        ),
    ] = None,
    nodes: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="The same number of nodes for every position instead."
        ),
    ] = None,
    reanalyse: Annotated[
        bool, typer.Option("--reanalyse", help="Also games that were analysed: as new runs.")
    ] = False,
    priority: Annotated[
        int,
        typer.Option(
            min=-_MOST_PRIORITY,
            max=_MOST_PRIORITY,
            help="Of the user's jobs the highest goes first.",
        ),
    ] = 0,
    most_minutes: Annotated[
        float | None, typer.Option(min=0.01, metavar="N", help="Pause after so many minutes.")
    ] = None,
    most_core_hours: Annotated[
        float | None, typer.Option(min=0.001, metavar="N", help="Pause after so many engine hours.")
    ] = None,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Wait until all is analysed; with SQLite this command analyses itself."
        ),
    ] = False,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Analyse games of the library: all that were not analysed, or those that meet the conditions.

    Without --wait the job is kept for the server, or for a worker, to do. Exit code 0: accepted, or
    with --wait all done; 1: refused, or a game failed; 130: stopped.
    """
    if profile and nodes:
        raise typer.BadParameter("--profile and --nodes both say how hard to work; give one")
    settings = read_settings(data_dir=data_dir)
    with open_library(user, data_dir) as library:
        wish = BatchWish(
            user_id=library.owner.id,
            games=GameFilter(
                player_id=player_id(library, player) if player else None,
                import_id=import_id,
                site=site,
                speeds=tuple(speed or ()),
                color=color,
                outcome=outcome,
                since_ms=start_ms(since) if since else None,
                until_ms=start_ms(until) + DAY_MS if until else None,
                eco=eco,
                opening_part=opening,
                opponent_part=opponent,
            ),
            profile=uniform(nodes) if nodes else profile or STANDARD,
            reanalyse=reanalyse,
            priority=priority,
            most_running_s=None if most_minutes is None else most_minutes * _MINUTE_S,
            most_engine_s=None if most_core_hours is None else most_core_hours * _HOUR_S,
        )
        job_id = _started(library, wish, settings.job_limits)
        if wait:
            follow_to_the_end(library, settings, job_id, as_json=as_json)
        else:
            _tell(library, job_id, as_json=as_json)


def _started(library: Library, wish: BatchWish, limits: JobLimits) -> int:
    with library.store.writing() as connection:
        job = start_batch(connection, wish, limits, now_ms=time.time_ns() // 1_000_000)
    return job.id


def _tell(library: Library, job_id: int, *, as_json: bool) -> None:
    now_ms = time.time_ns() // 1_000_000
    with library.store.reading() as connection:
        found = describe_job(connection, library.owner.id, job_id, now_ms=now_ms)
    assert found is not None  # noqa: S101 - it was added a moment before
    typer.echo(json.dumps(standing_object(found), ensure_ascii=False) if as_json else job_id)
    games = "game" if found.job.total == 1 else "games"
    STDERR.print(
        f"job {job_id}: {found.job.total} {games} {found.job.state}; the server analyses them, "
        f"or `chess-analytics jobs watch {job_id}`"
    )
