"""Read a game from the JSON that Chess.com publishes."""

import dataclasses
from datetime import UTC, datetime

import chess

from chess_analytics.games.model import Entry, Game, Place, Result, SetAside, Site
from chess_analytics.games.movetext import Refusal
from chess_analytics.games.pgn import read_one_game
from chess_analytics.games.pgn_split import MAX_TAG_CHARS
from chess_analytics.games.start import variant_of
from chess_analytics.sources.json_fields import JsonObject, identifier, member, text, whole

# Chess.com's names for rules, where ours differ.
_RULES = {
    "": "",
    "chess": "",
    "chess960": "Chess960",
    "kingofthehill": "King of the Hill",
    "threecheck": "Three-check",
    "oddschess": "Odds chess",
}


def game_from_chesscom(game: JsonObject, place: Place) -> Entry:
    """Read one game from its PGN; the JSON around it gives the tags that the PGN lacks."""
    known = _known(game)
    rules = text(game, "rules")
    variant = variant_of(_RULES.get(rules, rules.capitalize()))
    if isinstance(variant, Refusal):
        return variant.entry(place, known)
    pgn = text(game, "pgn")
    if not pgn.strip():
        return SetAside(place, "no moves: Chess.com's answer has no PGN for this game", known)
    entry = read_one_game(pgn, place, known)
    if not isinstance(entry, Game):
        return entry
    site_id = entry.site_id or identifier(game, "uuid")
    return dataclasses.replace(entry, site=Site.CHESSCOM, site_id=site_id)


def _known(game: JsonObject) -> dict[str, str]:
    """Say in PGN tags what the JSON tells."""
    white, black = member(game, "white"), member(game, "black")
    start, variant = text(game, "initial_setup"), _RULES.get(text(game, "rules"), "")
    is_set_up = start not in ("", chess.STARTING_FEN)
    tags = {
        "Site": "Chess.com",
        "Date": _day(game),
        "White": text(white, "username"),
        "Black": text(black, "username"),
        "Result": _result(text(white, "result"), text(black, "result")),
        "Variant": variant,
        "SetUp": "1" if is_set_up else "",
        "FEN": start if is_set_up else "",
        "WhiteElo": _number(white, "rating"),
        "BlackElo": _number(black, "rating"),
        "TimeControl": text(game, "time_control"),
        "Link": text(game, "url"),
    }
    return {tag: value[:MAX_TAG_CHARS] for tag, value in tags.items() if value}


def _number(player: JsonObject, key: str) -> str:
    number = whole(player, key)
    return str(number) if number is not None else ""


def _result(white: str, black: str) -> str:
    """Read the result: Chess.com says «win», or how each player failed to."""
    if "win" in (white, black):
        return (Result.WHITE_WON if white == "win" else Result.BLACK_WON).value
    return Result.DRAW.value if white and white == black else ""


def _day(game: JsonObject) -> str:
    seconds = whole(game, "start_time") or whole(game, "end_time")
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y.%m.%d}" if seconds else ""
    except (OverflowError, OSError, ValueError):
        return ""
