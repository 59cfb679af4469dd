"""The application: its parts put together."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from chess_analytics import __version__
from chess_analytics.actions.add_user import find_or_add_local_user
from chess_analytics.actions.import_games import Desk
from chess_analytics.actions.passwords import Passwords, argon2_passwords
from chess_analytics.api import (
    about,
    account_problems,
    accounts,
    administration,
    analysis_jobs,
    comparisons,
    drill_files,
    drills,
    estimates,
    export,
    games,
    health,
    importing_problems,
    imports,
    insight_facts,
    insight_problems,
    insight_reports,
    insights,
    job_control,
    job_events,
    job_problems,
    lichess_sign_in,
    move_checks,
    openapi,
    origin,
    pages,
    pgn,
    players,
    problems,
    queue,
    reviews,
    runs,
    samples,
    sessions,
    shared,
    status,
    tokens,
    tries,
    workers,
)
from chess_analytics.api.analysis_workers import analysing
from chess_analytics.api.courtesy import Courtesy, Waiting
from chess_analytics.api.etags import Etags
from chess_analytics.api.import_worker import (
    Importing,
    importing_in_a_process,
    importing_in_threads,
)
from chess_analytics.api.insight_resources import Insights
from chess_analytics.api.job_resources import Foresight, look_through
from chess_analytics.api.job_watch import JobWatch
from chess_analytics.api.leaving import Farewells, Leaving
from chess_analytics.api.limits import BodyLimits
from chess_analytics.api.measured import Measured
from chess_analytics.api.quotas import QuotaHeaders
from chess_analytics.api.rate_limits import limiting
from chess_analytics.api.request_ids import RequestIds
from chess_analytics.api.resources import Resources, clock_ms
from chess_analytics.api.routes import PREFIX, Router
from chess_analytics.jobs.line import open_line
from chess_analytics.jobs.local import unique_name
from chess_analytics.jobs.places import give_places
from chess_analytics.jobs.queue_metrics import queue_metrics
from chess_analytics.jobs.renew_facts import renewing_facts
from chess_analytics.observability.exposition import exposing
from chess_analytics.settings import MIB, Settings
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import open_store

END_STREAMS = "chess_analytics.end_streams"
"""Where in the state of its lifespan the application offers to end what would not end by itself."""
LEAVE = "chess_analytics.leave"
"""Where it hears that the server stops, and says, as often as it is asked, whether it can do so."""
_ROUTERS: tuple[Router, ...] = (
    health.router,
    about.router,
    accounts.router,
    administration.router,
    workers.router,
    queue.router,
    status.router,
    lichess_sign_in.router,
    sessions.router,
    tokens.router,
    players.router,
    imports.router,
    samples.router,
    games.router,
    pgn.router,
    runs.router,
    reviews.router,
    comparisons.router,
    shared.router,
    estimates.router,
    analysis_jobs.router,
    job_control.router,
    job_events.router,
    insights.router,
    insight_reports.router,
    insight_facts.router,
    drills.router,
    drill_files.router,
    tries.router,
    export.router,
)


def create_app(
    settings: Settings,
    now_ms: Callable[[], int] = clock_ms,
    importing: Importing = importing_in_threads,
    passwords: Passwords | None = None,
) -> FastAPI:
    """Build the application; the store is opened when it starts and closed when it ends."""
    leaving, courtesy = Leaving(settings.drain_s), Courtesy()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        with open_store(settings.data_dir, settings.database) as store:
            app.state.resources = Resources(
                settings, store, now_ms, passwords or argon2_passwords()
            )
            app.state.foresight = Foresight()
            app.state.insights = Insights()
            look = look_through(app.state.resources, app.state.foresight)
            watch = app.state.job_watch = JobWatch(look)
            if settings.local:
                find_or_add_local_user(store, now_ms=now_ms())
            broker = settings.broker_url
            at_desk = Desk(store, now_ms, give_way=courtesy.give_way)
            with (
                limiting(settings) as app.state.rate_limits,
                open_line(
                    store,
                    broker.get_secret_value() if broker else None,
                    watch.ring,
                    partial(give_places, store, settings.job_places, lease_clock(store)),
                ) as app.state.line,
                importing(settings, at_desk) as app.state.importer,
                analysing(settings, store, leaving) as app.state.analysis_workers,
                move_checks.checking_moves(settings) as app.state.move_checks,
                renewing_facts(store, unique_name()) as app.state.facts_renewal,
                exposing(settings.exposition, queue_metrics(store)),
            ):
                # The server around us says so when it stops, and waits for open streams.
                yield {LEAVE: leaving.leave, END_STREAMS: watch.close}
                watch.close()

    app = FastAPI(
        title="Chess Analytics Platform",
        description=openapi.DESCRIPTION,
        version=__version__,
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    problems.install(app)
    account_problems.install(app)
    importing_problems.install(app)
    job_problems.install(app)
    insight_problems.install(app)
    move_checks.install(app)
    app.state.leaving = leaving
    _add_middleware(app, settings, leaving, courtesy)
    _include_routers(app)
    pages.install(app, pages.BUILD)
    openapi.install(app)
    return app


def _add_middleware(app: FastAPI, settings: Settings, leaving: Leaving, courtesy: Courtesy) -> None:
    """Put around the routes what concerns every request; what is added last hears it first."""
    app.add_middleware(Etags)
    app.add_middleware(QuotaHeaders)
    app.add_middleware(Measured)
    app.add_middleware(BodyLimits, larger={f"{PREFIX}/imports": settings.upload_mb * MIB})
    origin.install(app, settings)
    app.add_middleware(RequestIds)
    app.add_middleware(Farewells, leaving=leaving)
    app.add_middleware(Waiting, courtesy=courtesy)


def _include_routers(app: FastAPI) -> None:
    for router in _ROUTERS:
        app.router.routes.extend(router.routes)


def from_environment() -> FastAPI:
    """Build the application for a server that knows only where to find it."""
    settings = Settings()
    # One process alone has SQLite.
    importing = importing_in_a_process if settings.database_url else importing_in_threads
    return create_app(settings, importing=importing)
