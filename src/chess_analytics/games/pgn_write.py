"""Write a game tree of python-chess as PGN that every program reads.

python-chess has a writer of its own. It does not escape quotes in tags, and it never breaks a
comment, so a commented game has lines of any length.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import chess
import chess.pgn

# The width that the PGN standard asks for in its export format.
COLUMNS = 80


def write_pgn(tags: Mapping[str, str], root: chess.pgn.Game) -> str:
    """Write tags, then moves, comments, glyphs and variations; a newline ends the text.

    The result at the end of the moves is the ``Result`` of ``root``.
    """
    head = "".join(f'[{name} "{_tag_value(value)}"]\n' for name, value in tags.items())
    return f"{head}\n{_wrapped(root.accept(_Words()))}\n"


def as_comment(text: str) -> str:
    """Write a text so that it can stand in a comment: one line, round brackets for braces."""
    return " ".join(_UNWRITABLE.sub(" ", text).translate(_NO_BRACES).split())


class _Words(chess.pgn.BaseVisitor[list[str]]):
    """Collects the pieces of the movetext between which a line may end."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._prefix = ""
        self._needs_number = True

    def begin_variation(self) -> None:
        self._prefix += "("
        self._needs_number = True

    def end_variation(self) -> None:
        self._words[-1] += ")"
        self._needs_number = True

    def visit_move(self, board: chess.Board, move: chess.Move) -> None:
        number = ""
        if board.turn == chess.WHITE:
            number = f"{board.fullmove_number}. "
        elif self._needs_number:
            number = f"{board.fullmove_number}... "
        self._add(number + board.san(move))
        self._needs_number = False

    def visit_nag(self, nag: int) -> None:
        self._add(f"${nag}")

    def visit_comment(self, comment: str) -> None:
        words = list(_comment_words(comment))
        if words:
            words[0] = "{ " + words[0]
            words[-1] += " }"
            for word in words:
                self._add(word)
            self._needs_number = True

    def visit_result(self, result: str) -> None:
        self._add(result)

    def result(self) -> list[str]:
        return self._words

    def _add(self, word: str) -> None:
        self._words.append(self._prefix + word)
        self._prefix = ""


# Readers look for [%clk 0:05:00] and for "Mistake. Nf3 was best." and stumble over a line's end in
# them: a command is one word, and so is the end of Lichess's sentence.
_WORD = re.compile(r"[\w=+#-]+ was best\.|(?:\[%[^\]]{0,1000}\]|\S)+")
# PGN has no way to write a brace in a comment.
_NO_BRACES = str.maketrans("{}", "()")
# Control characters, and halves of characters that no encoding can write.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def _comment_words(comment: str) -> Iterator[str]:
    """Cut a comment where a line may end, never so that a line starts with ``%`` or a tag."""
    held = ""
    for word in _WORD.findall(as_comment(comment)):
        if held and word.startswith(("%", "[")) and not word.startswith("[%"):
            held += f" {word}"
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _wrapped(words: Iterable[str]) -> str:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > COLUMNS:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def _tag_value(text: str) -> str:
    return _UNWRITABLE.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
