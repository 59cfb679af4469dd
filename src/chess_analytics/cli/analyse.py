"""``chess-analytics analyse``: PGN in, Stockfish, a review of every game out."""

from pathlib import Path
from typing import Annotated

import typer

from chess_analytics.cli.archive_run import ArchiveRun, Wishes
from chess_analytics.cli.outputs import OutputRefused, Targets
from chess_analytics.cli.overrides import SettingRefused, read_settings
from chess_analytics.cli.reading import InputReader
from chess_analytics.cli.stopping import stop_on_signals
from chess_analytics.cli.talk import STDERR
from chess_analytics.engine.profile import PROFILES, STANDARD, Profile, uniform
from chess_analytics.review.thresholds import LICHESS, Thresholds
from chess_analytics.review.thresholds import PROFILES as THRESHOLDS
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
            metavar="PATH",
            help="Files or folders of games: PGN, Lichess NDJSON, Chess.com JSON, also .gz, .zst "
            "and .zip. A single - reads standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="Analyse the sample archive that comes along.")
    ] = False,
    player: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this player's games, seen from their side. May be repeated.",
        ),
    ] = None,
    profile: Annotated[
        Profile | None,
        typer.Option(
            parser=_profile,
            metavar="fast|standard|deep",
            help="How hard the engine works: fast for a first look at everything, standard (the "
            "default) for numbers to trust, deep for few games that matter.",
        ),
    ] = None,
    nodes: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="The same number of nodes for every position instead."
        ),
    ] = None,
    thresholds: Annotated[
        Thresholds | None,
        typer.Option(
            parser=_thresholds,
            metavar="|".join(THRESHOLDS),
            help="How strictly moves are judged; lichess is the default. Changing it needs no new "
            "analysis.",
        ),
    ] = None,
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
        int | None,
        typer.Option(
            min=1, max=1024, metavar="N", help="Engines at work at once; by default one a core."
        ),
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

    What is done is kept: stop with Ctrl-C, start the same command again, and it goes on. A FILE
    of - is standard output. Exit code 0: done, games that could not be read included; 1: nothing
    could be analysed, or a game failed; 2: wrong words; 130: stopped.
    """
    if bool(paths) == sample:
        raise typer.BadParameter("name files or folders of games, or give --sample")
    if profile and nodes:
        raise typer.BadParameter("--profile and --nodes both say how hard to work; give one")
    if evals_from_input and (profile or nodes or engine or workers):
        raise typer.BadParameter(
            "--evals-from-input uses no engine, so --profile, --nodes, --engine and --workers "
            "mean nothing with it"
        )
    settings = read_settings(workers=workers, engine=engine, data_dir=data_dir)
    if settings.workers == 0:
        raise SettingRefused(
            "CHESS_ANALYTICS_WORKERS=0 is for a server that analyses nothing itself; give this "
            "command engines: --workers N"
        )
    wishes = Wishes(
        players=tuple(player or ()),
        profile=uniform(nodes) if nodes else profile or STANDARD,
        thresholds=thresholds or LICHESS,
        evals_from_input=evals_from_input,
        targets=Targets(json=json, pgn=pgn, report=report, problems=problems),
    )
    reader = InputReader(tuple(paths or [str(SAMPLE)]), STDERR)
    try:
        wishes.targets.refuse_clashes(reader.files)
    except OutputRefused as clash:
        raise typer.BadParameter(str(clash)) from clash
    with stop_on_signals() as stop:
        run = ArchiveRun(wishes, settings, reader, stop)
        run.go()
    if not run.is_complete:
        raise typer.Exit(_STOPPED)
    raise typer.Exit(0 if run.is_success else 1)
