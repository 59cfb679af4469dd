"""What metrics are made of, read once more from the text of a game and its comments alone.

Own reading: python-chess's reader of PGN, boards square by square, and the published formulas of
Lichess as docs/concepts/accuracy.md and move-labels.md give them. Nothing of the program is used.
"""

import io
import math
from dataclasses import dataclass, field
from statistics import pstdev

import chess
import chess.pgn

_PAWNS = {"p": 1, "n": 3, "b": 3, "r": 5, "q": 9, "k": 0}
_NAMES = {"P": "pawn", "N": "knight", "B": "bishop", "R": "rook", "Q": "queen", "K": "king"}


_Told = tuple[int | None, int | None]
"""White's evaluation: centipawns, or moves to mate."""


@dataclass
class SlowMove:
    """One move, from its mover's side; what is not known is absent."""

    ply: int
    is_white: bool
    piece: str
    captured: str | None
    gives_check: bool
    material: int
    eval_cp: int
    win_before: float
    win_after: float
    loss: float
    loss_cp: int | None
    accuracy: float
    judgment: str | None
    misses_win: bool
    clock_s: float | None
    clock_before_s: float | None
    clock_share: float | None
    spent_s: float | None
    answers_error: bool = False
    is_let_off: bool | None = None
    time_variance: float | None = None


@dataclass
class SlowSide:
    """What a game tells of one player."""

    moves: int
    acpl: float | None
    inaccuracies: int
    mistakes: int
    blunders: int
    missed_wins: int
    rating_change: int | None
    lowest_win: float
    highest_win: float
    was_ahead: bool
    was_behind: bool
    last_clock_share: float | None
    castling: str | None = None


@dataclass
class _Score:
    """An evaluation from somebody's side."""

    cp: int | None
    mate: int | None

    @property
    def capped(self) -> int:
        if self.cp is None:
            return 1000 if (self.mate or 0) > 0 else -1000
        return max(-1000, min(1000, self.cp))

    @property
    def win(self) -> float:
        return 50 + 50 * (2 / (1 + math.exp(-0.00368208 * self.capped)) - 1)


@dataclass
class SlowReading:
    """A whole game."""

    moves: list[SlowMove] = field(default_factory=list)
    sides: dict[bool, SlowSide] = field(default_factory=dict)


def slow_reading(pgn: str) -> SlowReading:
    """Read a game of Lichess with an evaluation after every move but a mate."""
    game = chess.pgn.read_game(io.StringIO(pgn))
    assert game is not None
    clocks: dict[bool, float | None] = {True: None, False: None}
    score: _Told = (15, None)
    reading, board, sans = SlowReading(), game.board(), list[str]()
    for node in game.mainline():
        after = _white(node)
        sans.append(board.san(node.move))
        reading.moves.append(_move(node, board, (score, after), clocks, game.headers))
        clocks[board.turn] = node.clock()
        board.push(node.move)
        assert after or board.is_checkmate()
        score = after or score
    _look_around(reading.moves)
    for place, is_white in enumerate((True, False)):
        side = _side(reading.moves, game.headers, is_white)
        side.castling = _castling(sans[place::2])
        reading.sides[is_white] = side
    return reading


def _white(node: chess.pgn.ChildNode) -> _Told | None:
    """Give White's evaluation after a move, in centipawns or moves to mate; a mate has none."""
    said = node.eval()
    return (said.white().score(), said.white().mate()) if said else None


def _move(
    node: chess.pgn.ChildNode,
    board: chess.Board,
    scores: tuple[_Told, _Told | None],
    clocks: dict[bool, float | None],
    headers: chess.pgn.Headers,
) -> SlowMove:
    (before, after), is_white, san = scores, board.turn, board.san(node.move)
    was = _mine(before, is_white)
    now = _mine(after, is_white) if after else None
    win_after = now.win if now else 100.0
    lost_cp = max(0, was.capped - now.capped) if now else None
    piece = "K" if san.startswith("O") else san[0] if san[0] in _NAMES else "P"
    taken = board.piece_at(node.move.to_square)
    judgment = _judgment(was, now) if now else None
    last_clock, clock = clocks[is_white], node.clock()
    base, _, increment = headers.get("TimeControl", "").partition("+")
    whole_s = float(base) + 40 * float(increment) if increment else 0.0
    return SlowMove(
        ply=node.ply(),
        is_white=is_white,
        piece=_NAMES[piece],
        captured=(_NAMES[taken.symbol().upper()] if taken else "pawn") if "x" in san else None,
        gives_check=san[-1] in "+#",
        material=_material(board, is_white),
        eval_cp=was.capped,
        win_before=was.win,
        win_after=win_after,
        loss=max(0.0, was.win - win_after),
        loss_cp=lost_cp,
        accuracy=_accuracy(was.win, win_after),
        judgment=judgment,
        misses_win=_misses_win(was, now, win_after),
        clock_s=clock,
        clock_before_s=clock if last_clock is None else last_clock,
        clock_share=100 * clock / whole_s if clock is not None and whole_s else None,
        spent_s=_spent(last_clock, clock, increment),
    )


def _mine(score: _Told, is_white: bool) -> _Score:  # noqa: FBT001
    cp, mate = score
    if is_white:
        return _Score(cp, mate)
    return _Score(None if cp is None else -cp, None if mate is None else -mate)


def _spent(last: float | None, clock: float | None, increment: str) -> float | None:
    if last is None or clock is None or not increment:
        return None
    return max(0.0, last + float(increment) - clock)


def _material(board: chess.Board, is_white: bool) -> int:  # noqa: FBT001
    whites = sum(
        _PAWNS[letter.lower()] * (1 if letter.isupper() else -1)
        for letter in board.board_fen()
        if letter.isalpha()
    )
    return whites if is_white else -whites


def _accuracy(before: float, after: float) -> float:
    if after >= before:
        return 100.0
    raw = 103.1668100711649 * math.exp(-0.04354415386753951 * (before - after))
    return max(0.0, min(100.0, raw - 3.166924740191411 + 1))


def _judgment(was: _Score, now: _Score) -> str | None:
    if was.cp is not None and now.cp is not None:
        fall = was.win - now.win
        return next(
            (
                word
                for limit, word in ((15, "blunder"), (10, "mistake"), (5, "inaccuracy"))
                if fall >= limit
            ),
            None,
        )
    if was.cp is not None and (now.mate or 0) < 0:
        return _around_a_mate(-was.cp)
    if (was.mate or 0) > 0 and (now.cp is not None or (now.mate or 0) < 0):
        return _around_a_mate(now.cp or 0)
    return None


def _around_a_mate(rest_cp: int) -> str:
    return "inaccuracy" if rest_cp > 999 else "mistake" if rest_cp > 700 else "blunder"


def _misses_win(was: _Score, now: _Score | None, win_after: float) -> bool:
    if now is None:
        return False
    gone = was.win >= 80 > win_after and was.win - win_after >= 15
    mate = was.mate or 0
    return gone or (0 < mate <= 5 and (now.mate is None or now.mate < 0))


def _look_around(moves: list[SlowMove]) -> None:
    errs = [move.judgment in ("mistake", "blunder") for move in moves]
    for place, move in enumerate(moves):
        move.answers_error = place > 0 and errs[place - 1]
        move.is_let_off = errs[place + 1] if place + 1 < len(moves) else None
    for first in (0, 1):
        own = moves[first::2]
        for middle, move in enumerate(own):
            near = [m.spent_s for m in own[max(0, middle - 6) : middle + 7]]
            known = sorted(s + 0.1 for s in near if s is not None)
            if middle >= 6 and len(known) == 13:
                move.time_variance = pstdev(known[1:-1]) / (sum(known[1:-1]) / 11)


def _side(
    moves: list[SlowMove],
    headers: chess.pgn.Headers,
    is_white: bool,  # noqa: FBT001
) -> SlowSide:
    own = [move for move in moves if move.is_white == is_white]
    chances = [m.win_before if m.is_white == is_white else 100 - m.win_before for m in moves]
    last = moves[-1]
    chances.append(last.win_after if last.is_white == is_white else 100 - last.win_after)
    judged = [move.judgment for move in own]
    losses = [move.loss_cp for move in own if move.loss_cp is not None]
    change = headers.get("WhiteRatingDiff" if is_white else "BlackRatingDiff")
    return SlowSide(
        moves=len(own),
        acpl=sum(losses) / len(losses) if losses else None,
        inaccuracies=judged.count("inaccuracy"),
        mistakes=judged.count("mistake"),
        blunders=judged.count("blunder"),
        missed_wins=sum(move.misses_win for move in own),
        rating_change=int(change) if change else None,
        lowest_win=min(chances),
        highest_win=max(chances),
        was_ahead=any(m.win_before > 66.6 and m.material > 1 for m in own),
        was_behind=any(m.win_before < 33.3 and m.material < -1 for m in own),
        last_clock_share=own[-1].clock_share if own else None,
    )


def _castling(sans: list[str]) -> str | None:
    castled = [san.rstrip("+#") for san in sans if san.startswith("O-O")]
    return {"O-O": "kingside", "O-O-O": "queenside"}[castled[0]] if castled else None
