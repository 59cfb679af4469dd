"""Read a game from the JSON that Lichess exports."""

import dataclasses
from collections.abc import Sequence

import chess

from chess_analytics.games.model import (
    Entry,
    Game,
    Place,
    PlayedMove,
    SetAside,
    Site,
    SuppliedEvaluation,
    Variant,
)
from chess_analytics.games.movetext import MAX_PLIES, Refusal, find_moves
from chess_analytics.games.pgn import read_headers, result_of
from chess_analytics.games.pgn_split import KEPT_MOVES, WrittenMove
from chess_analytics.games.start import start_of
from chess_analytics.sources.json_fields import JsonObject, identifier, items, text, whole
from chess_analytics.sources.lichess_headers import lichess_headers
from chess_analytics.sources.pgn_text import write_pgn

_CENTISECONDS = 100
# Lichess writes castling as king takes rook; in standard chess a king goes two squares.
_CASTLING = {"e1h1": "e1g1", "e1a1": "e1c1", "e8h8": "e8g8", "e8a8": "e8c8"}


def game_from_lichess(game: JsonObject, place: Place) -> Entry:
    """Read one game: moves, clocks and analysis from the JSON, tags from its PGN if it has one."""
    told = lichess_headers(game)
    pgn = text(game, "pgn").strip()
    headers = read_headers(pgn) if pgn else {}
    headers |= {tag: value for tag, value in told.items() if tag not in headers}
    board = start_of(told)
    if isinstance(board, Refusal):
        return board.entry(place, headers)
    # One word more than is kept of a PGN; the last one holds all the rest.
    words = text(game, "moves").split(maxsplit=KEPT_MOVES)
    if not words:
        return SetAside(place, "no moves: they were not exported, or none was made", headers)
    initial_fen, first_ply = board.fen(), board.ply()
    found = find_moves(board, [WrittenMove(word, None) for word in words])
    if isinstance(found, Refusal):
        return found.entry(place, headers)
    played = _played(game, found.played, words, chess960=board.chess960)
    result = result_of(board, told["Result"])
    headers["Result"] = result.value
    return Game(
        headers=headers,
        variant=Variant.CHESS960 if board.chess960 else Variant.STANDARD,
        initial_fen=initial_fen,
        moves=played,
        result=result,
        pgn=pgn or write_pgn(headers, played, result, first_ply=first_ply),
        place=place,
        site=Site.LICHESS,
        site_id=identifier(game, "id"),
    )


def _played(
    game: JsonObject, moves: Sequence[chess.Move], words: Sequence[str], *, chess960: bool
) -> tuple[PlayedMove, ...]:
    clocks, analysis = items(game, "clocks"), items(game, "analysis")
    played = []
    for index, (move, word) in enumerate(zip(moves, words, strict=True)):
        supplied = _evaluation(analysis[index]) if index < len(analysis) else None
        if supplied and supplied.best in _CASTLING and not chess960:
            supplied = _with_two_squares(supplied, supplied.best)
        clock = _seconds(clocks[index]) if index < len(clocks) else None
        played.append(PlayedMove(index + 1, move, word, clock_s=clock, supplied=supplied))
    return tuple(played)


def _with_two_squares(supplied: SuppliedEvaluation, best: str) -> SuppliedEvaluation:
    castles = "".join(supplied.variation[:1]).startswith("O-O")
    return dataclasses.replace(supplied, best=_CASTLING[best]) if castles else supplied


def _seconds(clock: object) -> float | None:
    centiseconds = whole({"clock": clock}, "clock")
    return centiseconds / _CENTISECONDS if centiseconds is not None else None


def _evaluation(entry: object) -> SuppliedEvaluation | None:
    """Read the evaluation after a move, and the better move that Lichess names, if any."""
    if not isinstance(entry, dict):
        return None
    centipawns, mate = whole(entry, "eval"), whole(entry, "mate")
    if mate:
        given = SuppliedEvaluation(None, mate)
    elif centipawns is not None:
        given = SuppliedEvaluation(centipawns, None)
    else:
        return None
    best = text(entry, "best") or None
    return dataclasses.replace(
        given, best=best, variation=_line(text(entry, "variation")) if best else ()
    )


def _line(words: str) -> tuple[str, ...]:
    return tuple(words.split(maxsplit=MAX_PLIES)[:MAX_PLIES])
