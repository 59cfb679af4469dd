"""What the library notes of a game: the moment, the speed, the opening, the names."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.actions.describe_game import UNKNOWN_MS, describe_game, played_ms
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Site, Variant
from tests.builders import game


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({"UTCDate": "2024.02.03", "UTCTime": "04:05:06"}, "2024-02-03T04:05:06"),
        # The site's own moment goes before whatever else the headers say.
        ({"Date": "2024.02.04", "UTCDate": "2024.02.03", "UTCTime": "23:59:59", "EndTime": "1:00"},
         "2024-02-03T23:59:59"),
        ({"Date": "2024.02.03", "StartTime": "11:12:13"}, "2024-02-03T11:12:13"),
        ({"Date": "2024.02.03", "Time": "9:30"}, "2024-02-03T09:30:00"),
        ({"Date": "2024.02.03"}, "2024-02-03"),
        ({"Date": "2024-02-03"}, "2024-02-03"),
        ({"Date": "2024/02/03"}, "2024-02-03"),
        ({"Date": "2021.05.??"}, "2021-05-01"),
        ({"Date": "2021.??.??", "Time": "10:00:00"}, "2021-01-01T10:00:00"),
        ({"Date": "1851.06.21"}, "1851-06-21"),
        ({"Date": "????.??.??", "EndDate": "2023.12.31", "EndTime": "8:07:06 PST"},
         "2023-12-31T08:07:06"),
        ({"UTCDate": "2023.02.30", "Date": "2023.03.01"}, "2023-03-01"),
        ({"Date": "2024.02.03", "UTCTime": "25:00:00", "StartTime": "01:00:00"},
         "2024-02-03T01:00:00"),
        ({"Date": "2024.02.03", "UTCTime": "?"}, "2024-02-03"),
    ],
)  # fmt: skip
def test_the_moment_is_told_as_well_as_the_headers_know(
    headers: dict[str, str], moment: str
) -> None:
    assert played_ms(headers) == ms(moment)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Date": "????.??.??"}, {"Date": "yesterday"}, {"Date": "0000.01.01"}, {"UTCTime": "1:00"},
     {"Date": "2024.13.01"}, {"Date": "\u0662\u0660\u0662\u0664.01.01"}],
)  # fmt: skip
def test_where_nothing_tells_the_moment_is_unknown(headers: dict[str, str]) -> None:
    assert played_ms(headers) == UNKNOWN_MS


@given(st.dictionaries(st.sampled_from(["UTCDate", "Date", "EndDate", "UTCTime", "Time"]), st.text()
                       | st.from_regex(r"\d{4}\.(\d\d|\?\?)\.(\d\d|\?\?)", fullmatch=True)
                       | st.from_regex(r"\d\d?:\d\d(:\d\d)?", fullmatch=True)))  # fmt: skip
def test_whatever_the_headers_say_there_is_a_moment(headers: dict[str, str]) -> None:
    assert ms("0001-01-01") <= played_ms(headers) < ms("9999-12-31") + 86_400_000


def test_all_that_lists_show_is_noted() -> None:
    played = game(
        "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 1-0",
        white="Anna",
        black="Bert",
        result="1-0",
        site=Site.LICHESS,
        site_id="abcdefgh",
        tags={
            "WhiteElo": "2012", "BlackElo": "1998?", "TimeControl": "300+3", "ECO": "A00",
            "Opening": "Nonsense", "UTCDate": "2024.02.03", "UTCTime": "04:05:06",
        },
    )  # fmt: skip
    found = describe_game(played, "key")
    assert (found.moves_key, found.site, found.site_id) == ("key", Site.LICHESS, "abcdefgh")
    assert (found.white, found.black) == ("Anna", "Bert")
    assert (found.white_rating, found.black_rating) == (2012, 1998)
    assert (found.result, found.variant, found.plies) == (Result.WHITE_WON, Variant.STANDARD, 6)
    assert (found.time_control, found.speed) == ("300+3", Speed.BLITZ)
    assert found.played_ms == ms("2024-02-03T04:05:06")
    # By our own table: programs write into the headers what they like.
    assert (found.eco, found.opening) == ("C70", "Ruy Lopez: Morphy Defense")
    assert (found.player_id, found.color, found.outcome, found.opponent) == (None,) * 4
    assert found.pgn == played.pgn
    assert found.headers == played.headers


@pytest.mark.parametrize(
    ("tag", "noted", "speed"),
    [("-", "-", Speed.CORRESPONDENCE), ("?", None, None), ("", None, None),
     ("60", "60", Speed.BULLET), ("a game in words " * 9, ("a game in words " * 9)[:60], None)],
)  # fmt: skip
def test_no_clock_is_told_from_an_unknown_one(
    tag: str, noted: str | None, speed: Speed | None
) -> None:
    found = describe_game(game("1. e4 e5 *", tags={"TimeControl": tag}), "key")
    assert (found.time_control, found.speed) == (noted, speed)


def test_a_name_without_end_is_cut_and_stays_in_the_text() -> None:
    played = game("1. e4 e5 *", white="x" * 5000)
    found = describe_game(played, "key")
    assert found.white == "x" * 200
    assert found.headers["White"] == "x" * 5000


def test_a_game_from_a_position_of_its_own_has_no_opening() -> None:
    found = describe_game(game("1. Kd2 Kd7 *", fen="4k3/8/8/8/8/8/8/4K2R w - - 0 1"), "key")
    assert (found.eco, found.opening) == (None, None)
