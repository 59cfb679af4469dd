"""``chess-analytics serve``: the library and its API, on this machine or for many."""

import os
import signal
import socket
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.request_heads import RequestHeads
from chess_analytics.cli.talk import announce
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.observability.exposition import share_with_children
from chess_analytics.observability.seen import be_seen
from chess_analytics.settings import Settings
from chess_analytics.store.session import open_store

# Named, not imported: the two doors do not see each other.
_APPLICATION = "chess_analytics.api.app:from_environment"
_END_STREAMS = "chess_analytics.end_streams"
_LEAVE = "chess_analytics.leave"
# A browser that holds its connection open does not hold us up when we are told to stop.
_GRACE_S = 10


class _Server(uvicorn.Server):
    """Lets the application say when connections may be refused, and ends its streams then.

    They would end by themselves in an hour.
    """

    async def on_tick(self, counter: int) -> bool:
        is_told = await super().on_tick(counter)
        leave = self.lifespan.state.get(_LEAVE)
        return is_told and (leave is None or bool(leave()))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_streams = self.lifespan.state.get(_END_STREAMS)
        if end_streams:
            end_streams()
        await super().shutdown(sockets)


class PortTaken(ChessAnalyticsError):
    """The server cannot listen where it was told to."""


def serve(
    *,
    local: Annotated[
        bool,
        typer.Option("--local", help="One user without a log-in, on this machine alone."),
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Listen here; by default only this machine can reach it."
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, metavar="N", help="Listen on this port; 0 takes a free one."
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the library is kept, and files on their way."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=1024,
            metavar="N",
            help="Engines at work at once; by default one a core, 0 for none.",
        ),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="PATH", help="The UCI engine to use.")
    ] = None,
) -> None:
    """Serve the library: accounts, imports, games, and the API under /api/v1.

    On an empty machine it needs nothing else: everything is kept in the data folder. With
    CHESS_ANALYTICS_DATABASE_URL it is kept in PostgreSQL; run `chess-analytics db upgrade` first.
    Ctrl-C or SIGTERM stops it when the games at hand are analysed, or after
    CHESS_ANALYTICS_GRACE_S; for CHESS_ANALYTICS_DRAIN_S it still answers, and says that it is not
    ready. A second one stops it at once. What was not done goes on at the next start.
    """
    settings = read_settings(
        local=local or None,
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        engine=engine,
    )
    be_seen(settings.sight)
    _check(settings)
    with _listen(settings.host, settings.port) as listening:
        settings = settings.model_copy(update={"port": listening.getsockname()[1]})
        _pass_on(settings)
        announce(_greeting(settings), settings.logs)
        config = uvicorn.Config(
            _APPLICATION,
            factory=True,
            http=RequestHeads,
            # Its logs are ours; word of a request comes from the application.
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE_S,
            server_header=False,
        )
        # To be stopped is how a server ends well; the web server passes on what it has heard.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt), _counting_together(settings):
            _Server(config).run(sockets=[listening])


def _counting_together(settings: Settings) -> AbstractContextManager[None]:
    """Let the process that works on imports count with us, where there is one."""
    is_counting = settings.exposition and settings.database_url
    return share_with_children() if is_counting else nullcontext()


def _check(settings: Settings) -> None:
    """Open the database once, so that what is wrong is told in a sentence, and upgraded if ours."""
    with open_store(settings.data_dir, settings.database):
        pass


def _listen(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server((host, port), family=_family(host), backlog=2048)
    except OSError as error:
        raise PortTaken(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another --port"
        ) from error
    # Connections inherit it. asyncio sets it only where it made the socket itself; without it the
    # second half of each answer on a kept connection waits 40 ms for the first to be acknowledged.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _pass_on(settings: Settings) -> None:
    """Put into the environment what options said: the application reads its settings there."""
    for name in ("local", "host", "port", "data_dir", "workers", "engine"):
        value = getattr(settings, name)
        if value is not None:
            os.environ[f"CHESS_ANALYTICS_{name.upper()}"] = str(value)


def _greeting(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = settings.public_url or f"http://{host}:{settings.port}"
    kept = "PostgreSQL" if settings.database_url else str(settings.data_dir)
    user = ", for one user without a log-in" if settings.local else ""
    return f"serving {address}{user}; the library is kept in {kept}; Ctrl-C stops"
