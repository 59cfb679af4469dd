"""Drills for other programs: as PGN for any board, and as a text that Anki imports."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from html import escape

import chess
import chess.pgn
import chess.svg

from chess_analytics.actions.exports.drill_json import also_right
from chess_analytics.games.annotate import PROGRAM
from chess_analytics.games.model import Side, Variant
from chess_analytics.games.pgn_write import write_pgn
from chess_analytics.store.drill_mistakes import StoredMistake
from chess_analytics.store.drills import StoredDrill
from chess_analytics.training.drill import KnownMove

ANKI_HEAD = """\
#separator:tab
#html:true
#deck:Chess drills
#guid column:1
#tags column:4
"""
"""What tells Anki how to read the lines that follow: number, front, back, tags."""

_GLYPHS = {"mistake": 2, "blunder": 4}
_BOARD_PX = 360
# The position as text, with line ends in it: a card is one line.
_DESCRIPTION = re.compile(r"<desc>.*?</desc>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WholeDrill:
    """A drill with all that is written of it."""

    drill: StoredDrill
    mistakes: Sequence[StoredMistake]
    """The latest first."""
    known: Mapping[str, KnownMove]


def drill_pgn(whole: WholeDrill) -> str:
    """Write a drill as a game from its position: the best line, then other right answers.

    What was played stands among the variations with its glyph. An empty line ends the text.
    """
    drill = whole.drill
    root = chess.pgn.Game()
    root.setup(drill.position.board())
    root.headers["Result"] = "*"
    root.comment = f"{_task(drill)} {_history(whole)}".strip()
    node: chess.pgn.GameNode = root
    for move in _moves(drill):
        node = node.add_main_variation(move)
    for san in also_right(drill, whole.known):
        root.add_variation(drill.position.move(san), comment="As good.")
    for mistake in whole.mistakes:
        move = drill.position.move(mistake.uci)
        if not root.has_variation(move):
            root.add_variation(move, nags=[_GLYPHS[mistake.judgment]])
    return f"{write_pgn(_tags(whole), root)}\n"


def anki_card(whole: WholeDrill) -> str:
    """Write a drill as one line: the board in front, and behind it what was better."""
    drill = whole.drill
    key = f"{drill.position.variant}{drill.position.fen}".encode()
    front = f"{_board(drill)}<div>{escape(_task(drill))}</div>"
    fields = (
        # By its position: who imports again gets no card twice.
        f"{PROGRAM}-{blake2b(key, digest_size=8).hexdigest()}",
        front,
        _behind(whole),
        PROGRAM,
    )
    return "\t".join(" ".join(field.split()) for field in fields) + "\n"


def _behind(whole: WholeDrill) -> str:
    drill = whole.drill
    board = drill.position.board()
    parts = [f"<b>{escape(board.variation_san(_moves(drill)))}</b>"]
    if others := also_right(drill, whole.known):
        parts.append(escape(f"As good: {', '.join(others)}"))
    parts.append(escape(_history(whole)))
    return "<br>".join(filter(None, parts))


def _moves(drill: StoredDrill) -> list[chess.Move]:
    """Give the best line as moves, up to one that is not legal."""
    board, found = drill.position.board(), []
    for uci in drill.line or (drill.best.uci,):
        try:
            found.append(board.push_uci(uci))
        except ValueError:
            break
    return found


def _board(drill: StoredDrill) -> str:
    board = drill.position.board()
    # Coordinates are drawn letter by letter, and would be half of the card.
    drawn = chess.svg.board(board, orientation=board.turn, size=_BOARD_PX, coordinates=False)
    return _DESCRIPTION.sub("", drawn)


def _task(drill: StoredDrill) -> str:
    return f"{'White' if drill.position.side is Side.WHITE else 'Black'} to move."


def _history(whole: WholeDrill) -> str:
    """Say what was played instead, and against whom: the last time, and how often."""
    if not whole.mistakes:
        return ""
    last, position = whole.mistakes[0], whole.drill.position
    against = last.black if position.side is Side.WHITE else last.white
    san = "".join(position.sans((last.uci,)))
    day = f" on {_day(last.played_ms)}" if last.played_ms else ""
    often = f", {len(whole.mistakes)} games in all" if len(whole.mistakes) > 1 else ""
    return f"You played {san} against {against or 'an unknown player'}{day}{often}."


def _tags(whole: WholeDrill) -> dict[str, str]:
    last = whole.mistakes[0] if whole.mistakes else None
    position = whole.drill.position
    tags = {
        "Event": f"Drill {whole.drill.id}",
        "Site": "?",
        "Date": _day(last.played_ms).replace("-", ".") if last and last.played_ms else "????.??.??",
        "Round": "?",
        "White": (last.white if last else None) or "?",
        "Black": (last.black if last else None) or "?",
        "Result": "*",
        "SetUp": "1",
        "FEN": position.fen,
        "Annotator": PROGRAM,
    }
    return tags | ({"Variant": "Chess960"} if position.variant is Variant.CHESS960 else {})


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
