"""``chess-analytics worker --broker``, ``beat`` and ``flower``: the roles of a fleet."""

import os
import signal
import socket
import time
from typing import TYPE_CHECKING, Annotated

import typer

from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import announce
from chess_analytics.cli.working import engine_source, work_behind, work_plan
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.beat import Beat
from chess_analytics.jobs.engine_supply import EngineSupply
from chess_analytics.jobs.local import unique_name
from chess_analytics.jobs.queue_metrics import queue_metrics
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.observability.exposition import exposing, share_with_children
from chess_analytics.observability.seen import be_seen
from chess_analytics.settings import LOOPBACK, Settings
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import open_database

if TYPE_CHECKING:
    from chess_analytics.jobs.fleet.queues import Queue

# Celery takes half a second to import: who has no fleet does not wait for it.
# ruff: noqa: PLC0415


class FleetRefused(ChessAnalyticsError):
    """A part of a fleet cannot be started here."""


def run_fleet_worker(settings: Settings, queues: list[str]) -> int:
    """Analyse what the bells of the broker call for; give the exit code."""
    from chess_analytics.jobs.fleet.hands import HandsPlan
    from chess_analytics.jobs.fleet.pulse import visiting
    from chess_analytics.jobs.fleet.queues import services_of
    from chess_analytics.jobs.fleet.worker import FleetWorker, FleetWorkerPlan

    database_url, broker_url = _addresses(settings)
    heard = _heard(queues)
    with open_database(database_url):
        # So that what is wrong with the database is told in a sentence, now.
        pass
    plan, name = work_plan(settings), unique_name()
    hands = HandsPlan(
        database_url=database_url,
        source=engine_source(settings),
        upkeep=plan.upkeep,
        quiet=plan.quiet,
        worker=name,
        services=services_of(heard),
        pulse=visiting(settings.data_dir),
    )
    fleet_plan = FleetWorkerPlan(
        broker_url=broker_url,
        name=name,
        queues=heard,
        slots=plan.slots,
        grace_s=plan.grace_s,
        data_dir=settings.data_dir,
    )
    be_seen(settings.sight)
    work_behind()
    announce(
        f"worker {name} hears {', '.join(heard)}, {plan.slots} games at a time; Ctrl-C stops it",
        settings.logs,
    )
    # Its children count with it.
    with share_with_children(), exposing(settings.exposition):
        return FleetWorker(fleet_plan, hands).run()


def check_fleet_worker(settings: Settings, queues: list[str]) -> None:
    """Tell whether the worker works that has this data folder, and hears these bells or all."""
    from chess_analytics.jobs.fleet.health import worker_ails
    from chess_analytics.jobs.fleet.queues import services_of

    services = services_of(_heard(queues))
    database_url, _ = _addresses(settings)
    with open_database(database_url) as store:
        _tell(worker_ails(settings.data_dir, store, services))


def beat(
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only tell whether the beat with this data folder beats."),
    ] = False,
) -> None:
    """Ring again what was not heard, sweep, fetch players again, forget what has expired.

    One beat is enough for a fleet; a second one does no harm, and takes over. Without one, nothing
    is lost, and some things are late.
    """
    settings = read_settings()
    if check:
        # Asked again and again, by whoever looks after containers: it loads no more than it needs.
        from chess_analytics.jobs.fleet.health import beat_ails

        _tell(beat_ails(settings.data_dir))
        return
    from chess_analytics.jobs.fleet.beat import BeatPlan, FleetBeat
    from chess_analytics.jobs.fleet.pulse import beating
    from chess_analytics.jobs.fleet.ringer import Ringer

    database_url, broker_url = _addresses(settings)
    be_seen(settings.sight)
    name, plan = unique_name(), work_plan(settings)
    with open_database(database_url) as store:
        desk = TaskDesk(store, name, lease_clock(store), _now_ms)
        supply = EngineSupply(engine_source(settings), 0)
        sweeper = Beat(desk, supply, plan.upkeep, host=socket.gethostname(), slots=0)
        beat_plan = BeatPlan(
            name=name, pulse=beating(settings.data_dir), sync_hours=settings.sync_hours
        )
        fleet_beat = FleetBeat(store, sweeper, Ringer(broker_url), beat_plan)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: fleet_beat.stop())
        with exposing(settings.exposition, queue_metrics(store)):
            announce(f"beat {name}; Ctrl-C stops it", settings.logs)
            fleet_beat.run()


def flower(
    *,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Listen here.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="N", help="Listen on this port.")
    ] = 5555,
) -> None:
    """Show the workers of a fleet on a page, by Flower, behind a password.

    It asks for the name admin and CHESS_ANALYTICS_FLOWER_PASSWORD. Its health check and its metrics
    are open to whoever reaches its port: keep that inside, or behind a proxy.
    """
    from chess_analytics.jobs.fleet.broker import broker_app

    settings = read_settings()
    if settings.flower_password is None:
        raise FleetRefused(
            "Flower shows a fleet to whoever has its password, and there is none: set "
            "CHESS_ANALYTICS_FLOWER_PASSWORD to 12 characters or more"
        )
    _, broker_url = _addresses(settings)
    # Not among the words of the command: everybody on this machine can read those.
    os.environ["FLOWER_BASIC_AUTH"] = f"admin:{settings.flower_password.get_secret_value()}"
    if host not in LOOPBACK:
        announce(
            "Flower's /healthcheck and /metrics need no password: let nobody outside reach it",
            settings.logs,
        )
    app = broker_app(broker_url)
    app.start(["flower", f"--address={host}", f"--port={port}"])


def _heard(queues: list[str]) -> "tuple[Queue, ...]":
    from chess_analytics.jobs.fleet.queues import Queue

    if wrong := [queue for queue in queues if queue not in list(Queue)]:
        raise FleetRefused(f"there is no bell {wrong[0]}; there are {', '.join(Queue)}")
    return tuple(queue for queue in Queue if queue in queues or not queues)


def _addresses(settings: Settings) -> tuple[str, str]:
    if settings.broker_url is None or settings.database_url is None:
        raise FleetRefused(
            "a fleet needs a broker and a database: set CHESS_ANALYTICS_BROKER_URL and "
            "CHESS_ANALYTICS_DATABASE_URL"
        )
    return settings.database_url.get_secret_value(), settings.broker_url.get_secret_value()


def _tell(ailment: str | None) -> None:
    if ailment:
        raise FleetRefused(ailment)
    typer.echo("all is well")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
