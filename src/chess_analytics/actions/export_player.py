"""Everything that a user owns as one ZIP: to read, to keep, or to take elsewhere."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from chess_analytics.actions.exports.account_json import (
    import_object,
    player_object,
    problem_object,
    session_object,
    token_object,
    user_object,
)
from chess_analytics.actions.exports.drill_json import (
    answer_object,
    drill_object,
    known_move_object,
    solution_object,
)
from chess_analytics.actions.exports.drill_texts import WholeDrill
from chess_analytics.actions.exports.job_json import job_object, task_object
from chess_analytics.actions.exports.library_json import (
    evaluation_object,
    game_object,
    move_object,
    run_object,
)
from chess_analytics.actions.exports.stored_pgn import plain_pgn
from chess_analytics.actions.exports.zip_stream import zip_pieces
from chess_analytics.actions.keep_sessions import SESSION_IDLE_MS
from chess_analytics.actions.write_drills import whole_drills
from chess_analytics.store.accounts import find_account
from chess_analytics.store.drill_answers import answers_of
from chess_analytics.store.game_names import names_of_games
from chess_analytics.store.games import StoredGame, games_after
from chess_analytics.store.import_problems import problems_after
from chess_analytics.store.imports import StoredImport, imports_before
from chess_analytics.store.job_rows import StoredJob, TaskState
from chess_analytics.store.jobs import jobs_before, task_counts, tasks_after
from chess_analytics.store.moves import moves_of_run
from chess_analytics.store.players import players_of
from chess_analytics.store.runs import GameRun, evaluations_of_run, runs_of_game
from chess_analytics.store.session import Store
from chess_analytics.store.sessions import sessions_of_user
from chess_analytics.store.tokens import tokens_of_user

# So many are in memory at once; a game with the moves of its runs can be large.
_GAMES_A_PAGE = 20
_IMPORTS_A_PAGE = 50
_PROBLEMS_A_PAGE = 500
_JOBS_A_PAGE = 10

_README = """\
Everything that you own on this server of the Chess Analytics Platform.

games.pgn              Your games as they came, in the order in which they were added. Any chess
                       program reads it, and so does the import of such a server.
games.jsonl            The same games in the same order, one JSON object a line: all that is known
                       of each, its text, and every analysis (run) with its raw evaluations and
                       its judged moves.
imports.json           What was imported, when, and what came of it.
import_problems.jsonl  The entries that did not become games, one a line: which, where and why.
jobs.json              What was to be analysed, when, and how far that is; games that failed with
                       the reasons.
drills.jsonl           The positions that you train, one a line: from which games, what is right,
                       when each comes back, and what you have answered.
players.json           The names under which you play.
profile.json           Your account, and unless a token fetched this: where you are signed in, and
                       which tokens there are. The password and the tokens themselves are not in it.

Text is UTF-8. Times are milliseconds since 1970 in UTC; their names end in _ms. Evaluations are
White's, in centipawns (cp) or moves to mate (mate). The reference of the API explains each field.
"""


def export_player(
    store: Store, user_id: int, *, now_ms: int, with_sign_ins: bool = True
) -> Iterator[bytes]:
    """Yield the ZIP piece by piece.

    It is read a little at a time, and no transaction waits for whoever takes it; what is added or
    deleted meanwhile may be in it or not. ``with_sign_ins`` adds sessions and tokens, without
    their secrets.
    """
    export = _Export(store, user_id, now_ms, with_sign_ins=with_sign_ins)
    return zip_pieces(export.members(), at_ms=now_ms)


class _Export:
    """The files of the archive, each made when its turn comes."""

    def __init__(self, store: Store, user_id: int, now_ms: int, *, with_sign_ins: bool) -> None:
        self._store = store
        self._user_id = user_id
        self._now_ms = now_ms
        self._with_sign_ins = with_sign_ins

    def members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield each file's name and its content, piece by piece."""
        yield "README.txt", [_README.encode()]
        yield "profile.json", self._profile()
        yield "players.json", self._players()
        yield "imports.json", _array(map(import_object, self._imports()))
        yield "import_problems.jsonl", self._problems()
        yield "jobs.json", _array(self._jobs())
        yield "drills.jsonl", self._drills()
        yield "games.pgn", (plain_pgn(game.pgn).encode() for game in self._games())
        yield "games.jsonl", self._whole_games()

    def _profile(self) -> Iterator[bytes]:
        with self._store.reading() as connection:
            account = find_account(connection, self._user_id)
            sign_ins = self._sign_ins(connection) if self._with_sign_ins else {}
        if account:
            yield _json({**user_object(account), **sign_ins}, indent=1)

    def _sign_ins(self, connection: Connection) -> dict[str, Any]:
        now_ms = self._now_ms
        sessions = sessions_of_user(
            connection, self._user_id, now_ms=now_ms, idle_since_ms=now_ms - SESSION_IDLE_MS
        )
        tokens = tokens_of_user(connection, self._user_id)
        return {
            "sessions": [session_object(session) for session in sessions],
            "tokens": [token_object(token) for token in tokens],
        }

    def _players(self) -> Iterator[bytes]:
        with self._store.reading() as connection:
            players = players_of(connection, self._user_id)
        yield from _array(map(player_object, players))

    def _imports(self) -> Iterator[StoredImport]:
        before: int | None = None
        while True:
            with self._store.reading() as connection:
                page = imports_before(connection, self._user_id, before, _IMPORTS_A_PAGE)
            yield from page
            if not page:
                return
            before = page[-1].id

    def _problems(self) -> Iterator[bytes]:
        for stored in self._imports():
            after = 0
            while True:
                with self._store.reading() as connection:
                    page = problems_after(connection, stored.id, after, _PROBLEMS_A_PAGE)
                yield from (_json(problem_object(stored.id, problem)) for problem in page)
                if not page:
                    break
                after = page[-1].ordinal

    def _jobs(self) -> Iterator[dict[str, Any]]:
        before: int | None = None
        while True:
            with self._store.reading() as connection:
                page = jobs_before(connection, self._user_id, before, _JOBS_A_PAGE)
                whole = [_whole_job(connection, job) for job in page]
            yield from whole
            if not page:
                return
            before = page[-1].id

    def _drills(self) -> Iterator[bytes]:
        for whole in whole_drills(self._store, self._user_id):
            with self._store.reading() as connection:
                found = _whole_drill(connection, whole)
            yield _json(found)

    def _games(self) -> Iterator[StoredGame]:
        after = 0
        while True:
            with self._store.reading() as connection:
                page = games_after(connection, self._user_id, after, limit=_GAMES_A_PAGE)
            yield from page
            if not page:
                return
            after = page[-1].listed.id

    def _whole_games(self) -> Iterator[bytes]:
        for game in self._games():
            with self._store.reading() as connection:
                runs = runs_of_game(connection, game.listed.id)
                whole = [_whole_run(connection, run) for run in runs]
            yield _json(game_object(game, whole))


def _whole_run(connection: Connection, run: GameRun) -> dict[str, Any]:
    return {
        **run_object(run),
        "evaluations": [evaluation_object(it) for it in evaluations_of_run(connection, run.id)],
        "moves": [move_object(move) for move in moves_of_run(connection, run.id)],
    }


def _whole_job(connection: Connection, job: StoredJob) -> dict[str, Any]:
    failed = tasks_after(connection, job.id, 0, job.total, [TaskState.FAILED])
    names = names_of_games(connection, [task.game_id for task in failed if task.game_id])
    counts = task_counts(connection, [job.id])[job.id]
    return {**job_object(job, counts), "failed": [task_object(task, names) for task in failed]}


def _whole_drill(connection: Connection, whole: WholeDrill) -> dict[str, Any]:
    return {
        **drill_object(whole.drill, whole.mistakes),
        "solution": solution_object(whole.drill, whole.known),
        "known_moves": [known_move_object(move) for move in whole.known.values()],
        "answers": [answer_object(answer) for answer in answers_of(connection, whole.drill.id)],
    }


def _array(objects: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Write a JSON array whose items need not be in memory together."""
    before = b"[\n"
    for item in objects:
        yield before + _json(item).rstrip(b"\n")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _json(item: dict[str, Any], indent: int | None = None) -> bytes:
    text = json.dumps(item, ensure_ascii=False, allow_nan=False, indent=indent)
    return f"{text}\n".encode()
