"""The facts: every column with its type, unit and meaning.

This is the one definition of them. Stored records (`records.py`), loaded frames (`frames.py`), the
data dictionary (docs/reference/facts.md, by ``just facts-dictionary``) and exports follow from it.

How they are read: `frames.Facts` has ``games``, a Polars frame with one row a game, and ``moves``,
one row a ply of both players in the order of play; ``moves["game"]`` is the row of the game in
``games``. A word is a Polars Enum, so compare with text: ``pl.col("phase") == "endgame"``. What is
not known is null. On a move, everything is seen from its mover, whose move it is says ``is_mine``.
"""

from dataclasses import dataclass
from enum import StrEnum

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Side, Site, Variant
from chess_analytics.insights.endings import Endgame, Termination
from chess_analytics.insights.structure import Structure
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import LabelKind

FACTS_VERSION = 1
"""Of the definitions: raised when what is stored changes, so that facts are made anew."""

POSITION_PLIES = 40
"""So far into a game its positions are named; openings go no further (`openings.MAX_PLIES`)."""


class Kind(StrEnum):
    """What a column holds."""

    FLAG = "yes or no"
    WHOLE = "whole number"
    NUMBER = "number"
    WORD = "word"
    TEXT = "text"


class PieceWord(StrEnum):
    """A man, in the order of python-chess's piece types, which start at 1."""

    PAWN = "pawn"
    KNIGHT = "knight"
    BISHOP = "bishop"
    ROOK = "rook"
    QUEEN = "queen"
    KING = "king"


class Castling(StrEnum):
    """Where a king went."""

    KINGSIDE = "kingside"
    QUEENSIDE = "queenside"


class OutcomeWord(StrEnum):
    """How a game ended for the player."""

    WIN = "win"
    DRAW = "draw"
    LOSS = "loss"


class RunSourceWord(StrEnum):
    """Whose evaluations a game's facts rest on."""

    ENGINE = "engine"
    SUPPLIED = "supplied"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of facts."""

    name: str
    kind: Kind
    type: str
    """Of the stored value, as NumPy writes it; of the loaded one, where nothing is stored."""
    about: str
    unit: str = ""
    words: tuple[str, ...] = ()
    """Of a word: all there are, in their natural order."""


def _flag(name: str, about: str) -> Column:
    return Column(name, Kind.FLAG, "u1", about)


def _whole(name: str, type_: str, unit: str, about: str) -> Column:
    return Column(name, Kind.WHOLE, type_, about, unit)


def _number(name: str, unit: str, about: str) -> Column:
    return Column(name, Kind.NUMBER, "f4", about, unit)


def _word(name: str, words: type[StrEnum], about: str) -> Column:
    return Column(name, Kind.WORD, "u1", about, words=tuple(word.value for word in words))


def _text(name: str, about: str) -> Column:
    return Column(name, Kind.TEXT, "text", about)


_POINTS = "points of winning chance, 0 to 100"
_PERCENT = "percent, 0 to 100"

MOVE_COLUMNS = (
    _whole("ply", "u2", "plies", "Which ply of the game it is; 1 is the first, whoever makes it."),
    _flag("is_white", "White made the move."),
    _whole(
        "move",
        "u2",
        "",
        "The move: from-square + 64 x to-square + 4096 x promotion (0 none, 2 knight ... 5 queen); "
        "squares count from 0 (a1) to 63 (h8); castling in Chess960 takes the own rook.",
    ),
    _whole(
        "position",
        "u8",
        "",
        "Names the position before the move, however it was reached, in the first 40 plies; equal "
        "positions have equal names (a hash of 64 bits).",
    ),
    _word("piece", PieceWord, "What moved; the king where he castles."),
    _word("captured", PieceWord, "What was taken; absent where nothing was."),
    _flag("gives_check", "The move gives check."),
    _word("phase", Phase, "Phase of the game in which the move was made."),
    _word("endgame", Endgame, "Kind of endgame by the pieces on the board; only in the endgame."),
    _whole("pieces", "u1", "pieces", "Queens, rooks, bishops and knights of both before the move."),
    _whole("material", "i1", "pawns", "Material ahead before the move (P1 N3 B3 R5 Q9)."),
    _whole(
        "eval_cp",
        "i2",
        "centipawns",
        "Evaluation before the move, within -1000 and 1000; a mate is worth 1000.",
    ),
    _whole(
        "mate_in",
        "i1",
        "moves",
        "Forced mate before the move, within -127 and 127; negative when the opponent mates.",
    ),
    _number("win_before", _PERCENT, "Winning chance before the move."),
    _number("win_after", _PERCENT, "Winning chance after it."),
    _number("loss", _POINTS, "Winning chance given away."),
    _whole(
        "loss_cp",
        "i2",
        "centipawns",
        "Centipawns given away, 2000 at most; absent for a move that mates, which counts nowhere.",
    ),
    _number("accuracy", _PERCENT, "Accuracy of the move by Lichess's formula."),
    _word("judgment", Judgment, "How bad the move was; absent where it was not."),
    _word("label", LabelKind, "The label that players see."),
    _flag("is_best", "The engine's first choice was played; absent where that is not known."),
    _flag("is_forced", "There was no other legal move."),
    _flag("is_book", "The move belongs to a named opening."),
    _number(
        "gap",
        _POINTS,
        "How much worse the second-best move is than the best, so how hard the position punishes; "
        "absent where nobody searched for the second-best, which is most positions.",
    ),
    _number("clock_s", "seconds", "Left on the mover's clock after the move."),
    _number("clock_before_s", "seconds", "Left on the mover's clock when the move was due."),
    _number(
        "clock_share",
        _PERCENT,
        "Clock after the move, of the initial time and forty increments.",
    ),
    _number("spent_s", "seconds", "Time spent on the move."),
    _number(
        "time_variance",
        "",
        "Unevenness of the player's move times around this move: deviation by mean over 13 of "
        "their moves, the longest and the shortest aside.",
    ),
    _flag("answers_error", "The opponent's last move was a mistake or a blunder."),
    _flag(
        "is_let_off",
        "The opponent answered with a mistake or a blunder; absent where there was no answer.",
    ),
    _flag("misses_win", "A won position was won no more, or a short mate was not given."),
    _flag("is_turning_point", "One of the game's moves that changed who is better."),
)
"""Stored, one record a ply."""

SIDE_COLUMNS = (
    _whole("moves", "u2", "moves", "Moves made."),
    _number("accuracy", _PERCENT, "Accuracy of the game by Lichess's formula."),
    _number("acpl", "centipawns", "Average centipawn loss."),
    _whole("inaccuracies", "u2", "moves", "Inaccuracies."),
    _whole("mistakes", "u2", "moves", "Mistakes."),
    _whole("blunders", "u2", "moves", "Blunders."),
    _whole("missed_wins", "u2", "moves", "Wins missed, see misses_win."),
    _word("castling", Castling, "Where the king castled; absent where he did not."),
    _whole("castling_ply", "u2", "plies", "The ply of castling."),
    _word("structure", Structure, "Pawn structure when the opening ended; absent if it never did."),
    _whole("rating_change", "i2", "rating points", "Gain or loss by this game, as the site says."),
    _number("lowest_win", _PERCENT, "Lowest winning chance in the game."),
    _number("highest_win", _PERCENT, "Highest winning chance in the game."),
    _flag("was_ahead", "Once more than 66.6 % and more than a pawn ahead (Lichess's conversion)."),
    _flag("was_behind", "Once less than 33.3 % and more than a pawn behind (resourcefulness)."),
    _flag("leaves_book", "This player made the first move that no named opening knows."),
    _whole("exit_cp", "i2", "centipawns", "Evaluation where the named openings end, for the side."),
    _number("last_clock_share", _PERCENT, "Clock after the last move, see clock_share."),
)
"""Stored for both sides; loaded as the player's, and as the opponent's after ``opponent_``."""

GAME_COLUMNS = (
    _whole("plies", "u2", "plies", "Plies of the game."),
    _whole("middle_ply", "u2", "plies", "The ply with which the middlegame begins."),
    _whole("end_ply", "u2", "plies", "The ply with which the endgame begins."),
    _flag("queens_traded", "No queen was there when the endgame began, or the game ended."),
    _word("endgame_entered", Endgame, "Kind of endgame when it began."),
    _whole("book_ply", "u2", "plies", "The last ply that a named opening knows; 0 where none."),
    _word("termination", Termination, "What ended the game."),
    _flag("is_rated", "The game was rated; absent where nothing tells."),
    _number("initial_s", "seconds", "Time on each clock at the start."),
    _number("increment_s", "seconds", "Increment a move."),
    _number("duration_s", "seconds", "Time that both spent on moves, as far as it is known."),
    _flag("knows_time", "The game tells the time of day at which it was played, not only the day."),
)
"""Stored, one record a game."""

LIBRARY_COLUMNS = (
    _whole("game_id", "i8", "", "Number of the game in the library."),
    _whole("run_id", "i8", "", "Number of the analysis on which the facts rest."),
    _whole("player_id", "i8", "", "Which linked name played."),
    _whole("played_ms", "i8", "milliseconds since 1970, UTC", "When the game began."),
    _word("site", Site, "Where the game was played."),
    _word("variant", Variant, "By which rules."),
    _word("speed", Speed, "How fast, by Lichess's classes."),
    _word("color", Side, "The player's pieces."),
    _word("outcome", OutcomeWord, "How it ended for the player."),
    _whole("rating", "i2", "rating points", "The player's rating."),
    _whole("opponent_rating", "i2", "rating points", "The opponent's rating."),
    _text("opponent", "The opponent's name."),
    _text("eco", "Code of the opening."),
    _text("opening", "Name of the opening with its variation."),
    _text("family", "Name of the opening without its variations."),
    _word("run_source", RunSourceWord, "An engine of ours, or evaluations that came with it."),
    _flag("is_analysed", "The game has facts; else only what the library knows is there."),
)
"""Of games, loaded from the library."""

NEIGHBOUR_COLUMNS = (
    _whole("session", "i4", "", "Number of the session, from 0; see neighbours.py."),
    _whole("session_games", "i4", "games", "Length of the session."),
    _whole("session_place", "i4", "games", "Place of the game in its session, from 1."),
    _whole(
        "streak", "i4", "games", "Wins (positive) or losses (negative) in a row just before it."
    ),
    _number("days_since", "days", "Since the game before it began."),
)
"""Of games, worked out when they are loaded, because they depend on the games around."""

FRAME_MOVE_COLUMNS = (
    _whole("game", "u4", "", "Row of the game in the table of games, from 0."),
    _flag("is_mine", "The player made the move; else the opponent."),
)
"""Of moves, set when they are loaded."""


def opponents(column: Column) -> Column:
    """Give the column that says the same of the opponent."""
    about = f"The opponent's: {column.about[0].lower()}{column.about[1:]}"
    name = f"opponent_{column.name}"
    return Column(name, column.kind, column.type, about, column.unit, column.words)


GAMES_TABLE = (
    *LIBRARY_COLUMNS,
    *NEIGHBOUR_COLUMNS,
    *GAME_COLUMNS,
    *SIDE_COLUMNS,
    *(opponents(column) for column in SIDE_COLUMNS),
)
"""All columns of ``Facts.games``, in order."""

MOVES_TABLE = (*FRAME_MOVE_COLUMNS, *MOVE_COLUMNS)
"""All columns of ``Facts.moves``, in order."""
