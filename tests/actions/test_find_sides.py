"""Where the owner of a library sat, by the names that they have linked."""

from dataclasses import replace

import pytest

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.find_sides import Seat, Seats, View, take_seat, view_from
from chess_analytics.games.model import Result, Side, Site
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import NewGame
from chess_analytics.store.players import LinkedPlayer
from tests.builders import game

ON_LICHESS = LinkedPlayer(1, Site.LICHESS, "Ada_99", 1, None)
ON_CHESSCOM = LinkedPlayer(2, Site.CHESSCOM, "adalove", 1, None)
IN_PGNS = LinkedPlayer(3, Site.OTHER, "Lovelace, Ada", 1, None)
ALL = (ON_LICHESS, ON_CHESSCOM, IN_PGNS)


def played(
    white: str = "?", black: str = "?", *, site: Site = Site.OTHER, result: str = "1-0"
) -> NewGame:
    tags = {"WhiteElo": "2000", "BlackElo": "1900"}
    built = game("1. e4 e5 *", white=white, black=black, result=result, tags=tags, site=site)
    return describe_game(built, "key")


@pytest.mark.parametrize(
    ("found", "seat"),
    [
        (played("Ada_99", "Bob", site=Site.LICHESS), Seat(1, Side.WHITE)),
        (played("Bob", "ADA_99", site=Site.LICHESS), Seat(1, Side.BLACK)),
        (played("Bob", "adalove", site=Site.CHESSCOM), Seat(2, Side.BLACK)),
        # The same name on another site is somebody else.
        (played("adalove", "Bob", site=Site.LICHESS), None),
        (played("Ada_99", "Bob", site=Site.OTHER), None),
        (played("Lovelace, A", "Bob", site=Site.OTHER), Seat(3, Side.WHITE)),
        (played("Bob", "Ada Lovelace", site=Site.LICHESS), Seat(3, Side.BLACK)),
        (played("Lovelace", "Bob"), None),
        (played("Ada_99", "Lovelace, Ada", site=Site.LICHESS), Seat(1, Side.WHITE)),
        (played("Lovelace, Ada", "Ada_99", site=Site.LICHESS), Seat(1, Side.BLACK)),
        (played("Lovelace, Ada", "Ada Lovelace"), Seat(3, Side.WHITE)),
        (played(), None),
    ],
)
def test_the_owner_is_found_by_the_names_of_the_site_and_of_pgns(
    found: NewGame, seat: Seat | None
) -> None:
    assert Seats(ALL).find(found) == seat


def test_nobody_is_found_who_is_not_linked() -> None:
    assert Seats(()).find(played("Ada_99", "Bob", site=Site.LICHESS)) is None


@pytest.mark.parametrize(
    ("result", "side", "outcome"),
    [("1-0", Side.WHITE, Outcome.WIN), ("1-0", Side.BLACK, Outcome.LOSS),
     ("0-1", Side.WHITE, Outcome.LOSS), ("0-1", Side.BLACK, Outcome.WIN),
     ("1/2-1/2", Side.BLACK, Outcome.DRAW), ("*", Side.WHITE, None)],
)  # fmt: skip
def test_a_game_is_seen_from_where_the_owner_sat(
    result: str, side: Side, outcome: Outcome | None
) -> None:
    view = view_from(Seat(7, side), played("Ada", "Bob", result=result))
    ratings = (2000, 1900) if side is Side.WHITE else (1900, 2000)
    opponent = "Bob" if side is Side.WHITE else "Ada"
    assert view == View(7, side, outcome, ratings[0], opponent, ratings[1])


def test_a_game_of_others_is_seen_from_nowhere() -> None:
    assert view_from(None, played("Ada", "Bob")) == View()


def test_a_new_game_takes_what_its_owner_sees() -> None:
    new = played("Bob", "adalove", site=Site.CHESSCOM, result="0-1")
    seen = take_seat(new, Seats(ALL))
    assert seen == replace(
        new, player_id=2, color=Side.BLACK, outcome=Outcome.WIN, rating=1900, opponent="Bob",
        opponent_rating=2000,
    )  # fmt: skip
    assert take_seat(new, Seats(())) is new
    assert new.result is Result.BLACK_WON
