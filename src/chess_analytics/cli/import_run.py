"""The imports of one call of ``import``, one after the other, with what is told on the way."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from chess_analytics.actions.import_games import Desk, GameImport, Halt
from chess_analytics.actions.import_upload import import_entries
from chess_analytics.actions.link_players import link_player
from chess_analytics.actions.start_imports import start_sync
from chess_analytics.actions.sync_player import Sites, sites_at, sync_player
from chess_analytics.cli.reading import InputReader
from chess_analytics.cli.stopping import Stop
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import Library
from chess_analytics.games.model import Site
from chess_analytics.jobs.foreground import Foreground
from chess_analytics.settings import Settings
from chess_analytics.sources.files import STANDARD_INPUT
from chess_analytics.store.imports import ImportKind, NewImport, StoredImport
from chess_analytics.store.players import LinkedPlayer, name_key, players_of
from chess_analytics.store.texts import storable

_DRAWS_PER_SECOND = 4
_RANDOM_BYTES = 4


class ImportRun:
    """Carries out imports for one user until ``stop``."""

    def __init__(self, library: Library, settings: Settings, stop: Stop) -> None:
        # What a signal asks for, an import hears between two games.
        stop.event = self._halt = Halt()
        self._owner_id = library.owner.id
        self._desk = Desk(library.store, _now_ms)
        self._sites = _sites(settings)
        name = f"command-{os.getpid()}-{secrets.token_hex(_RANDOM_BYTES)}"
        self._worker = Foreground(self._desk, name, self._halt, _tell_to_wait)

    def go(
        self, reader: InputReader | None, players: list[tuple[Site, str]]
    ) -> Iterator[StoredImport]:
        """Yield each import when it has ended, or was stopped."""
        self._worker.recover()
        if reader and (found := self._import_files(reader)):
            yield found
        for site, name in players:
            if not self._halt.is_set():
                yield self._sync(self._linked(site, name))

    def _import_files(self, reader: InputReader) -> StoredImport | None:
        def work(games: GameImport, _stored: StoredImport) -> None:
            import_entries(games, reader.entries())

        name = _name_of(reader.files)
        new = NewImport(user_id=self._owner_id, kind=ImportKind.UPLOAD, name=name)
        return self._worker.import_here(new, work)

    def _linked(self, site: Site, name: str) -> LinkedPlayer:
        now_ms = self._desk.now_ms()
        with self._desk.store.writing() as connection:
            for player in players_of(connection, self._owner_id):
                if player.site is site and name_key(player.name) == name_key(name):
                    return player
            player = link_player(connection, self._owner_id, site, name, now_ms=now_ms)
        STDERR.print(
            f"linked {player.name} on {site}: games of that name are the user's own", markup=False
        )
        return player

    def _sync(self, player: LinkedPlayer) -> StoredImport:
        now_ms = self._desk.now_ms()
        with self._desk.store.writing() as connection:
            waiting = start_sync(connection, self._owner_id, player.id, now_ms=now_ms)
        assert waiting is not None  # noqa: S101 - the player was linked a moment ago

        def work(games: GameImport, stored: StoredImport) -> None:
            with _counting(games, stored.name):
                sync_player(self._desk, self._sites, games, stored, self._halt)

        return self._worker.carry_out(waiting, work)


def _name_of(files: tuple[str, ...]) -> str:
    """Name what is imported as its user will recognise it."""
    if not files:
        return "nothing"
    first = "standard input" if files[0] == STANDARD_INPUT else Path(files[0]).name
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return storable(f"{first}{more}")


def _sites(settings: Settings) -> Sites:
    token = settings.lichess_token
    return sites_at(
        lichess_url=settings.lichess_url,
        chesscom_url=settings.chesscom_url,
        lichess_token=token.get_secret_value() if token else None,
        contact=settings.contact,
    )


@contextmanager
def _counting(games: GameImport, player: str) -> Iterator[None]:
    """Show how many games have come; how many there are, no site tells."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("Fetching games of {task.description}:", markup=False),
        _Count(games),
        console=STDERR,
        refresh_per_second=_DRAWS_PER_SECOND,
        transient=True,
        disable=not STDERR.is_terminal,
    )
    with bar:
        bar.add_task(player, total=None)
        yield


class _Count(ProgressColumn):
    """What became of the entries so far, asked for whenever the bar is drawn."""

    def __init__(self, games: GameImport) -> None:
        super().__init__()
        self._games = games

    def render(self, task: Task) -> Text:  # noqa: ARG002 - there is only one task
        counts = self._games.counts
        return Text(f"{counts.found} found, {counts.added} added")


def _tell_to_wait() -> None:
    STDERR.print("waiting until another import of this user or site has ended")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
