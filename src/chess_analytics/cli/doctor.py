"""``chess-analytics doctor``: what is here, and what is wrong."""

import json
import platform
import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import chess
import typer

from chess_analytics import __version__
from chess_analytics.cli.checked import Finding
from chess_analytics.cli.deep_checks import deep_checks
from chess_analytics.cli.overrides import read_settings
from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.evaluation import EngineError
from chess_analytics.engine.machine import usable_cores, usable_memory_mb
from chess_analytics.engine.probe import probe_engine
from chess_analytics.engine.uci import UciSettings
from chess_analytics.settings import Settings
from chess_analytics.store.kept_runs import count_kept_runs
from chess_analytics.store.session import StoreError, StoreInUse, open_store

_PROBE_NODES = 200_000
_MEMORY_A_WORKER_MB = 250


def doctor(
    *,
    engine: Annotated[
        str | None, typer.Option(metavar="PATH", help="Look at this UCI engine.")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Look at this data folder.")
    ] = None,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="Look at the whole deployment: tables, queue, broker, clocks, permissions.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Say which engine, cores, memory and versions there are, and what is wrong."""
    settings = read_settings(engine=engine, data_dir=data_dir)
    findings = [
        Finding("chess-analytics", __version__),
        Finding("Python", f"{platform.python_version()} ({sys.executable})"),
        Finding("libraries", f"python-chess {chess.__version__}, SQLite {sqlite3.sqlite_version}"),
        Finding("system", platform.platform()),
        *_machine(settings),
        _data_folder(settings),
        *_engine(settings),
        *(deep_checks(settings) if deep else ()),
    ]
    problems = [finding for finding in findings if finding.problem]
    if as_json:
        rows = [
            {"subject": row.subject, "found": row.found, "problem": row.problem} for row in findings
        ]
        typer.echo(json.dumps(rows, indent=2))
    else:
        _print(findings)
    raise typer.Exit(1 if problems else 0)


def _print(findings: list[Finding]) -> None:
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        typer.echo(f"{finding.subject:<{width}}  {finding.found}")
        if finding.problem:
            typer.echo(f"{'':<{width}}  PROBLEM: {finding.problem}")
    if not any(finding.problem for finding in findings):
        typer.echo("Nothing is wrong.")


def _machine(settings: Settings) -> list[Finding]:
    cores = usable_cores()
    workers = settings.workers or cores
    memory = usable_memory_mb()
    wanted = workers * (_MEMORY_A_WORKER_MB + settings.hash_mb)
    lack = (
        f"{workers} engines want about {wanted} MiB; set CHESS_ANALYTICS_WORKERS to fewer"
        if wanted > memory
        else None
    )
    return [
        Finding("cores", f"{cores}; {workers} engines at a time"),
        Finding("memory", f"{memory} MiB; the engines want about {wanted}", lack),
    ]


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.exists():
        return Finding("data folder", f"{folder}; not there yet, nothing kept")
    try:
        with open_store(folder) as store, store.reading() as connection:
            return Finding("data folder", f"{folder}; {count_kept_runs(connection)} runs kept")
    except StoreInUse:
        return Finding("data folder", f"{folder}; in use by another chess-analytics")
    except StoreError as error:
        return Finding("data folder", str(folder), str(error))


def _engine(settings: Settings) -> list[Finding]:
    try:
        command = find_engine(settings.engine, Places.here(settings.data_dir))
    except EngineError as error:
        return [Finding("engine", "none", str(error))]
    where = command.describe()
    settings_of_engine = UciSettings(hash_mb=settings.hash_mb, syzygy_path=settings.syzygy_path)
    try:
        probed = probe_engine(command, settings_of_engine, [chess.STARTING_FEN], _PROBE_NODES)
    except EngineError as error:
        return [Finding("engine", where, f"it does not work: {error}")]
    identity, speed = probed.identity, probed.nodes_a_second
    net = f", net {identity.net}" if identity.net else ""
    return [
        Finding("engine", f"{identity.name}{net}: {where}"),
        Finding("engine speed", f"{speed / 1000:.0f} thousand nodes a second on one core"),
    ]
