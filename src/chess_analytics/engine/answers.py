"""Read what an engine says during a search; only the lines that count are taken apart."""

import re
from collections import deque

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.engine.questions import MOVE, Question

# Stockfish says a word about itself at the start; a program that is no engine never stops.
_MOST_UNKNOWN_LINES = 200
# A search ends at most a line or two after its best move was last written about.
_LINES_KEPT = 32
# Larger than any engine's centipawns or plies, small enough for every column and every format.
_NUMBER = re.compile(rb"-?[0-9]{1,7}")
_NODES = re.compile(rb" nodes ([0-9]{1,18})(?!\S)")

# UCI's own words at the start of a line; engines may say anything else, and are not heard.
_KNOWN = (b"info ", b"bestmove ", b"option ", b"id ", b"uciok", b"readyok", b"copyprotection ")


class NotUciError(ValueError):
    """The words are not what UCI allows at this point."""


class Unknown:
    """Counts lines that are not UCI: some are allowed, without end they are not."""

    def __init__(self) -> None:
        self._lines = 0

    def hear(self, line: bytes) -> None:
        """Let a line pass, if it is known or one of few.

        Raises:
            NotUciError: too many lines were not UCI.
        """
        if not line.strip() or line.startswith(_KNOWN):
            return
        self._lines += 1
        if self._lines > _MOST_UNKNOWN_LINES:
            raise NotUciError(
                f"more than {_MOST_UNKNOWN_LINES} lines that make no sense, such as {line[:80]!r}"
            )


class Answer:
    """What was said since ``go``. Lines are kept as they came, and read when the search is over."""

    def __init__(self) -> None:
        self._exact: bytes | None = None
        self._recent: deque[bytes] = deque(maxlen=_LINES_KEPT)
        self._last_info = b""
        self._unknown = Unknown()
        self._best: bytes | None = None

    def hear(self, line: bytes) -> bool:
        """Take in one line; true when it was the last of this answer.

        Raises:
            NotUciError: there were too many lines that are not UCI.
        """
        if line.startswith(b"info "):
            self._hear_info(line)
        elif line.startswith(b"bestmove"):
            self._best = line
            return True
        else:
            self._unknown.hear(line)
        return False

    def evaluation(self, question: Question) -> Evaluation:
        """Sum up the answer, from White's side.

        Raises:
            NotUciError: the best move is none, or no line with a score speaks of it.
        """
        best = self._best_move(question)
        words = self._line_of(best).split()
        pv = tuple(_text(word) for word in words[words.index(b"pv") + 1 :])
        if not all(MOVE.fullmatch(move) for move in pv):
            raise NotUciError(f"a variation of {' '.join(pv)[:80]!r}")
        score = _score(words, white_to_move=question.board.turn)
        return Evaluation(
            line=Line(score, pv),
            depth=_number(_after(words, b"depth", 1)) if b"depth" in words else None,
            nodes=self.nodes,
        )

    @property
    def nodes(self) -> int:
        """Nodes spent as the last line tells it; 0 where the engine does not."""
        found = _NODES.search(self._last_info)
        return int(found[1]) if found else 0

    def _hear_info(self, line: bytes) -> None:
        if line.startswith(b"info string"):
            return
        if b" nodes " in line:
            self._last_info = line
        if b" pv " in line and b" score " in line:
            # A space at the end, so that the first move of the variation always has one after it.
            line = line.rstrip() + b" "
            self._recent.append(line)
            if b"bound " not in line:
                self._exact = line

    def _best_move(self, question: Question) -> str:
        words = (self._best or b"").split()
        move = _text(words[1]) if len(words) > 1 else ""
        try:
            if not MOVE.fullmatch(move):
                raise ValueError(move)  # noqa: TRY301 - "0000" and "(none)" are no answers here
            best = question.board.uci(question.board.parse_uci(move))
        except ValueError as error:
            raise NotUciError(
                f"{_text(self._best or b'')[:80]!r}, which is no legal move of "
                f"{question.board.fen()}"
            ) from error
        if question.only and best not in question.only:
            raise NotUciError(f"the best move {best}, where only {question.only} were asked about")
        return best

    def _line_of(self, best: str) -> bytes:
        """Pick the line to trust: the last exact one, or a bound where that is all there is.

        A search that runs out of nodes may have just changed its mind: then the new best move has
        nothing but a bound, which came after the last exact score of the old one.
        """
        start = b" pv " + best.encode("ascii") + b" "
        if self._exact is not None and start in self._exact:
            return self._exact
        for line in reversed(self._recent):
            if start in line:
                return line
        raise NotUciError(f"the best move {best}, of which none of its lines speaks")


def _score(words: list[bytes], *, white_to_move: bool) -> Score:
    sign = 1 if white_to_move else -1
    kind, value = _after(words, b"score", 1), _number(_after(words, b"score", 2))
    if kind == b"cp":
        return Score(cp=sign * value)
    if kind == b"mate" and value != 0:
        return Score(mate=sign * value)
    raise NotUciError(f"a score of {_text(kind)[:20]!r} {value}")


def _after(words: list[bytes], name: bytes, places: int) -> bytes:
    index = words.index(name) + places
    if index >= len(words):
        raise NotUciError(f"{_text(name)!r} without a value")
    return words[index]


def _number(word: bytes) -> int:
    if not _NUMBER.fullmatch(word):
        raise NotUciError(f"{_text(word)[:20]!r} where a number was due")
    return int(word)


def _text(word: bytes) -> str:
    return word.decode("ascii", "replace")
