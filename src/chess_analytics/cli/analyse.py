"""``chess-analytics analyse``: PGN in, Stockfish, a review of every game out."""

from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.cli.archive_run import ArchiveRun, Wishes
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.stopping import stop_on_signals
from chess_analytics.engine.profile import PROFILES, Profile, uniform
from chess_analytics.review.thresholds import PROFILES as THRESHOLDS
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.samples import SAMPLE

_STOPPED = 130


def _profile(name: str) -> Profile:
    if name not in PROFILES:
        raise typer.BadParameter(f"there is {', '.join(PROFILES)}; not {name!r}")
    return PROFILES[name]


def _thresholds(name: str) -> Thresholds:
    if name not in THRESHOLDS:
        raise typer.BadParameter(f"there is {', '.join(THRESHOLDS)}; not {name!r}")
    return THRESHOLDS[name]


def analyse(  # noqa: PLR0913 - one parameter an option of the command
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…",
            help="Files or folders of games: PGN, Lichess NDJSON, Chess.com JSON, also .gz and "
            ".zst. A single - reads standard input.",
        ),
    ] = None,
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="Analyse the sample archive that comes along.")
    ] = False,
    player: Annotated[
        list[str] | None,
        typer.Option(help="Only this player's games, seen from their side. May be repeated."),
    ] = None,
    profile: Annotated[
        Profile,
        typer.Option(
            parser=_profile, metavar="fast|standard|deep", help="How hard the engine works."
        ),
    ] = "standard",  # type: ignore[assignment]  # typer parses the default too
    nodes: Annotated[
        int | None,
        typer.Option(min=1, help="Nodes for every position, instead of a profile."),
    ] = None,
    thresholds: Annotated[
        Thresholds,
        typer.Option(
            parser=_thresholds,
            metavar="|".join(THRESHOLDS),
            help="How moves are judged. Changing it needs no new analysis.",
        ),
    ] = "lichess",  # type: ignore[assignment]  # typer parses the default too
    evals_from_input: Annotated[
        bool,
        typer.Option(
            "--evals-from-input",
            help="Judge by the evaluations that come with the games; no engine is used.",
        ),
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write reviews as JSON Lines, one game a line."),
    ] = None,
    pgn: Annotated[Path | None, typer.Option(metavar="FILE", help="Write annotated PGN.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one self-contained HTML page.")
    ] = None,
    problems: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="List every game that was left out, as JSON Lines."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Engines at work at once; default: cores.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="PATH", help="The UCI engine to use.")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where finished analyses are kept and found again."),
    ] = None,
) -> None:
    """Analyse every game of an archive: games in, Stockfish, a review of every game out.

    What is done is kept: stop with Ctrl-C, start the same command again, and it goes on.
    """
    if bool(paths) == sample:
        raise typer.BadParameter("name files or folders of games, or give --sample")
    settings = read_settings(workers=workers, engine=engine, data_dir=data_dir)
    wishes = Wishes(
        paths=tuple(paths or [str(SAMPLE)]),
        players=tuple(player or ()),
        profile=uniform(nodes) if nodes else profile,
        thresholds=thresholds,
        evals_from_input=evals_from_input,
        json=json,
        pgn=pgn,
        report=report,
        problems=problems,
    )
    with stop_on_signals() as stop:
        run = ArchiveRun(wishes, settings, stop)
        run.go()
    if stop.is_set():
        raise typer.Exit(_STOPPED)
    raise typer.Exit(0 if run.is_success else 1)
