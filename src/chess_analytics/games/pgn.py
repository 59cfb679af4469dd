"""Read games from PGN, one after the other, and lose none.

python-chess knows the rules and the notation. Cutting the text is our own, because its reader
passes in silence over words that it cannot read, and takes two games for one (or one for two)
where the blank line between them is missing (or is not).
"""

import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping

import chess

from chess_analytics.games.comments import better_move, read_notes
from chess_analytics.games.model import (
    Broken,
    Entry,
    Game,
    Place,
    PlayedMove,
    Result,
    Variant,
)
from chess_analytics.games.movetext import TOO_LONG, Refusal, find_moves
from chess_analytics.games.origin import origin_of
from chess_analytics.games.pgn_split import RawGame, WrittenMove, split_games
from chess_analytics.games.start import start_of

_USUAL_START = chess.Board()
_NO_MOVES = Refusal("no moves", sound=True)


def read_pgn(lines: Iterable[str], source: str) -> Iterator[Entry]:
    """Yield every game of a PGN text, as soon as it is read.

    ``lines`` are as a text file gives them, each with its line end. Whatever they raise goes
    through; a game that was whole by then is yielded first.
    """
    for number, raw in enumerate(split_games(lines), 1):
        yield _entry(raw, Place(source, number, raw.line))


def read_one_game(text: str, place: Place, known: Mapping[str, str]) -> Entry:
    """Read the PGN of a single game; ``known`` gives headers that the text may lack.

    A fault's line counts in ``text``: the reason tells it, for a person may never see that text as
    a file.
    """
    games = split_games(io.StringIO(text, newline=None))
    game = next(games, None)
    if game is None:
        return _NO_MOVES.entry(place, dict(known))
    if others := sum(1 for _ in games):
        reason = f"there are {others + 1} games where one was expected"
        return Broken(place, reason, place.line, game.headers)
    for name, value in known.items():
        game.headers.setdefault(name, value)
    entry = _entry(game, place)
    if isinstance(entry, Broken) and entry.line is not None:
        reason = f"{entry.reason} (line {entry.line} of its PGN)"
        return dataclasses.replace(entry, reason=reason, line=place.line)
    return entry


def read_headers(text: str) -> dict[str, str]:
    """Read the tags of a single game's PGN."""
    first = next(split_games(io.StringIO(text, newline=None)), None)
    return first.headers if first else {}


def result_of(board: chess.Board, *told: str | None) -> Result:
    """Tell how a game ended: a mate on the board is surer than what anybody says.

    ``told`` are the results that the input gives, the most trusted first.
    """
    if board.is_checkmate():
        return Result.BLACK_WON if board.turn == chess.WHITE else Result.WHITE_WON
    for word in told:
        if word in _DECIDED:
            return _DECIDED[word]
    return Result.DRAW if board.is_stalemate() else Result.UNKNOWN


_DECIDED = {result.value: result for result in Result if result is not Result.UNKNOWN} | {
    "1/2": Result.DRAW
}


def _entry(raw: RawGame, place: Place) -> Entry:
    board = _board(raw)
    if isinstance(board, Refusal):
        return board.entry(place, raw.headers)
    # Writing it takes as long as reading a few moves, and nearly all games start there.
    initial_fen = chess.STARTING_FEN if board == _USUAL_START else board.fen()
    named = enumerate(better_move(each.comment) for each in raw.moves)
    better = {index: word for index, word in named if word}
    found = find_moves(board, raw.moves, better)
    if isinstance(found, Refusal):
        return found.entry(place, raw.headers)
    played = _played(found.played, raw.moves)
    for index, best in found.others.items():
        played[index] = _with_better(played[index], best, better[index], raw.moves[index])
    site, site_id = origin_of(raw.headers)
    return Game(
        headers=raw.headers,
        variant=Variant.CHESS960 if board.chess960 else Variant.STANDARD,
        initial_fen=initial_fen,
        moves=tuple(played),
        result=result_of(board, raw.terminator, raw.headers.get("Result")),
        pgn=raw.text,
        place=place,
        site=site,
        site_id=site_id,
    )


def _board(raw: RawGame) -> chess.Board | Refusal:
    """Set up the game's start, unless it is clear that there is no game to play."""
    if raw.too_long:
        return Refusal(TOO_LONG, sound=True, detail=raw.too_long)
    board = start_of(raw.headers)
    if isinstance(board, Refusal):
        return board
    if raw.unclosed is not None:
        return Refusal("a comment that starts here never ends, so moves are lost", raw.unclosed)
    return board if raw.moves else _NO_MOVES


def _played(moves: list[chess.Move], written: list[WrittenMove]) -> list[PlayedMove]:
    played = []
    for ply, (move, each) in enumerate(zip(moves, written, strict=True), 1):
        notes = read_notes(each.comment)
        played.append(
            PlayedMove(ply, move, each.word, notes.clock_s, notes.elapsed_s, notes.supplied)
        )
    return played


def _with_better(played: PlayedMove, best: str, word: str, written: WrittenMove) -> PlayedMove:
    """Keep the move, and its variation, that Lichess names where it judges a move."""
    if played.supplied is None:
        return played
    line = written.alternative
    variation = line if line[:1] == (word,) else ()
    supplied = dataclasses.replace(played.supplied, best=best, variation=variation)
    return dataclasses.replace(played, supplied=supplied)
