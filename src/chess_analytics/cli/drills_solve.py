"""Solve drills in a terminal, one after the other."""

import time
from collections.abc import Sequence

import chess

from chess_analytics.actions.answer_drill import (
    Answered,
    Given,
    answer_drill,
    show_solution,
    skip_drill,
)
from chess_analytics.actions.check_move import MoveCheck
from chess_analytics.actions.exports.drill_json import also_right
from chess_analytics.cli.game_options import printable
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import Library
from chess_analytics.store.drill_mistakes import mistakes_of
from chess_analytics.store.drills import StoredDrill, known_moves, suspend_drill
from chess_analytics.training.answers import Verdict
from chess_analytics.training.drill import AnswerRefused
from chess_analytics.training.schedule import DAY_MS

_HELP = "a move such as Nf3 or g1f3; ? shows the solution, skip, aside (never again), quit"


def solve_drills(library: Library, drills: Sequence[StoredDrill], check: MoveCheck) -> None:
    """Ask for a move in each position until it is right, shown or put off; the end may come early.

    What was answered is kept at once.
    """
    _say(f"{len(drills)} drills. Type {_HELP}")
    for number, drill in enumerate(drills, start=1):
        _say(f"\n{number} of {len(drills)}\n\n{_drawn(drill)}\n")
        if not _solve(_Sitting(library, drill, check)):
            break


def wall_ms() -> int:
    """Tell the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class _Sitting:
    """One drill in front of its user."""

    def __init__(self, library: Library, drill: StoredDrill, check: MoveCheck) -> None:
        self.drill = drill
        self._store, self._user_id = library.store, library.owner.id
        self._check = check
        self._began_s = time.monotonic()

    def answer(self, move: str) -> Answered | None:
        spent_ms = round((time.monotonic() - self._began_s) * 1000)
        return answer_drill(
            self._store,
            self._user_id,
            self.drill.id,
            Given(move, spent_ms),
            check=self._check,
            now_ms=wall_ms(),
        )

    def show(self) -> Answered | None:
        with self._store.writing() as connection:
            return show_solution(connection, self._user_id, self.drill.id, now_ms=wall_ms())

    def skip(self) -> None:
        with self._store.writing() as connection:
            skip_drill(connection, self._user_id, self.drill.id, now_ms=wall_ms())

    def set_aside(self) -> None:
        with self._store.writing() as connection:
            suspend_drill(connection, self._user_id, self.drill.id, is_suspended=True)

    def solution(self) -> str:
        drill = self.drill
        with self._store.reading() as connection:
            known = known_moves(connection, drill.id)
            mistakes = mistakes_of(connection, [drill.id])[drill.id]
        others = also_right(drill, known)
        parts = [" ".join(drill.position.sans(drill.line or (drill.best.uci,)))]
        parts += [f"as good: {', '.join(others)}"] if others else []
        if mistakes:
            last = mistakes[0]
            san = "".join(drill.position.sans((last.uci,)))
            names = printable(f"{last.white or '?'} - {last.black or '?'}")
            parts.append(f"you played {san} in {names} (game {last.game_id})")
        return "; ".join(parts)


def _solve(sitting: _Sitting) -> bool:
    """Carry one drill through; tell whether to go on with the next."""
    while True:
        try:
            word = input("> ").strip()
        except EOFError:
            return False
        if word.lower() in ("quit", "q"):
            return False
        if _is_over(sitting, word):
            return True


def _is_over(sitting: _Sitting, word: str) -> bool:
    """Do what was typed; tell whether the drill is done with."""
    match word.lower():
        case "":
            _say(_HELP)
            return False
        case "skip":
            sitting.skip()
        case "aside":
            sitting.set_aside()
        case "?":
            done = sitting.show()
            _say(f"{sitting.solution()}. {_comes_back(done)}")
        case _:
            return _is_solved(sitting, word)
    return True


def _is_solved(sitting: _Sitting, word: str) -> bool:
    try:
        done = sitting.answer(word)
    except AnswerRefused as error:
        _say(str(error))
        return False
    if done is None:
        return True
    judged = done.judged
    match judged.verdict:
        case Verdict.RIGHT:
            _say(f"right. {sitting.solution()}. {_comes_back(done)}")
            return True
        case Verdict.WRONG:
            _say(f"not this: {judged.loss or 0:.0f} points of winning chance lost. Try again")
        case Verdict.UNKNOWN:
            _say("no analysis has looked at this move, and no engine can be asked; try another")
    return False


def _comes_back(done: Answered | None) -> str:
    if done is None or done.grade is None:
        return "This was practice"
    days = round((done.drill.due_ms - wall_ms()) / DAY_MS)
    return f"It comes back in {days} {'day' if days == 1 else 'days'}"


def _drawn(drill: StoredDrill) -> str:
    board = drill.position.board()
    own = board.turn is chess.WHITE
    ranks = range(7, -1, -1) if own else range(8)
    files = range(8) if own else range(7, -1, -1)
    rows = [
        f"{rank + 1}  " + " ".join(_man(board, chess.square(file, rank)) for file in files)
        for rank in ranks
    ]
    letters = "   " + " ".join(chess.FILE_NAMES[file] for file in files)
    task = f"{'White' if own else 'Black'} (you) to move; capitals are White"
    return "\n".join([*rows, letters, "", task])


def _man(board: chess.Board, square: chess.Square) -> str:
    piece = board.piece_at(square)
    return piece.symbol() if piece else "."


def _say(text: str) -> None:
    STDERR.print(text, markup=False)
