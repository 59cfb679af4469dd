"""What is asked of Chess.com, and what is made of its answers."""

import dataclasses

import pytest

from chess_analytics.games.model import Game
from chess_analytics.sources.http import (
    PlayerUnknown,
    SourceRefused,
)
from tests.games.pgn_builders import outline
from tests.shared_data import shared_data
from tests.sources.chesscom_player import (
    ALL,
    MONTHS,
    NOW_MS,
    entries,
    fetch,
    fetching,
    game,
    ids,
    kept,
    moment_ms,
    month,
    paths,
)
from tests.sources.replay import (
    ChesscomSite,
    Ending,
    Replay,
    Reply,
    cut,
    fine,
    refused,
    serving,
    shortened,
)

ARCHIVES = "/pub/player/ann/games/archives"


def test_the_months_come_one_after_the_other_each_with_its_checkpoint(chesscom: Replay) -> None:
    fetched = fetch(chesscom)
    assert ids(fetched) == ALL
    assert [type(item).__name__ for item in fetched] == [
        "Game",
        "Game",
        "MonthCheckpoint",
        "Game",
        "MonthCheckpoint",
        "Game",
        "Game",
        "MonthCheckpoint",
    ]
    assert {name: seen.games for name, seen in kept(fetched).items()} == {
        "2025/01": 2,
        "2025/02": 1,
        "2025/03": 2,
    }
    assert paths(chesscom) == ["archives", *MONTHS]
    second = fetched[1]
    assert isinstance(second, Game)
    assert str(second.place) == "api.chess.com/pub/player/ann/games/2025/01: game 2"


def test_every_request_names_a_contact_and_takes_packed_json(chesscom: Replay) -> None:
    fetch(chesscom)
    for asked in chesscom.asked:
        assert asked.headers["user-agent"] == "chess-analytics/1 (contact: a@b.c)"
        assert asked.headers["accept"] == "application/json"
        assert asked.headers["accept-encoding"] == "gzip"
        assert "if-none-match" not in asked.headers
        assert "authorization" not in asked.headers


def test_only_the_set_address_is_asked_whatever_the_list_says(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    with serving(ChesscomSite("ann", {})) as other:
        chesscom_site.listed = [
            f"{other.base}/pub/player/ann/games/2025/02",
            f"{other.base}/pub/player/bob/games/2024/12",
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data/games/2025/13",
            "https://api.chess.com/pub/player/ann/games/2025/03/../../secret",
            7,
        ]
        found = outline(entries(fetch(chesscom)))
        assert other.asked == []
        # A month is asked for once, and its player is ours: there is no 2024/12.
        assert paths(chesscom) == ["archives", "2024/12", *MONTHS]
    odd = "broken: this is not the address of a month: "
    assert found[:5] == [
        odd + "'file:///etc/passwd' (line None)",
        odd + "'http://169.254.169.254/latest/meta-data/games/2025/13' (line None)",
        odd + "'https://api.chess.com/pub/player/ann/games/2025/03/../../secret' (line None)",
        odd + "7 (line None)",
        "broken: Chess.com lists this month, but has no games for it (line None)",
    ]


def test_a_second_import_asks_only_for_what_can_have_changed(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    months = kept(fetch(chesscom))
    chesscom.asked.clear()
    chesscom_site.months["2025/03"] = month(game(4), game(5), game(6))
    again = fetch(chesscom, months=months, now_ms=NOW_MS + 1)
    assert ids(again) == ["4", "5", "6"]
    assert paths(chesscom) == ["archives", "2025/02", "2025/03"]
    for asked in chesscom.asked[1:]:
        seen = months[asked.path.removeprefix("/pub/player/ann/games/")]
        assert asked.headers["if-none-match"] == seen.etag
        assert asked.headers["if-modified-since"] == seen.last_modified
    assert kept(again)["2025/03"].games == 3
    assert kept(again)["2025/02"] == dataclasses.replace(months["2025/02"], seen_ms=NOW_MS + 1)


@pytest.mark.parametrize(
    ("seen_on", "asked_again"),
    [
        ("2025-01-10", ["2025/01", "2025/02", "2025/03"]),
        ("2025-01-31", ["2025/01", "2025/02", "2025/03"]),
        ("2025-02-28", ["2025/01", "2025/02", "2025/03"]),
        ("2025-03-01", ["2025/02", "2025/03"]),
        ("2025-04-01", ["2025/03"]),
        ("2025-05-01", []),
        # The clock was wrong then, or is now.
        ("2026-05-01", ["2025/01", "2025/02", "2025/03"]),
    ],
)
def test_a_month_is_asked_for_until_it_was_long_over_when_it_was_seen(
    chesscom: Replay, seen_on: str, asked_again: list[str]
) -> None:
    months = {
        name: dataclasses.replace(seen, seen_ms=moment_ms(seen_on))
        for name, seen in kept(fetch(chesscom)).items()
    }
    chesscom.asked.clear()
    assert ids(fetch(chesscom, months=months, now_ms=moment_ms("2025-06-01"))) == []
    assert paths(chesscom) == ["archives", *asked_again]


def test_a_month_without_validators_is_read_again(chesscom: Replay) -> None:
    months = {
        name: dataclasses.replace(seen, etag=None, last_modified=None)
        for name, seen in kept(fetch(chesscom)).items()
    }
    assert ids(fetch(chesscom, months=months)) == ["3", "4", "5"]


def test_an_import_killed_at_any_moment_resumes_without_loss(chesscom: Replay) -> None:
    items = fetch(chesscom)
    for at in range(len(items) + 1):
        before = items[:at]
        after = fetch(chesscom, months=kept(before))
        assert sorted({*ids(before), *ids(after)}, key=str) == ALL
        whole = sum(seen.games for seen in kept(before).values())
        settled = {"1", "2"} if whole else set()
        assert not settled & set(ids(after))


def test_variants_and_games_without_moves_are_set_aside(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    chesscom_site.months = {
        "2025/03": month(game(1, rules="bughouse"), game(2, pgn=None), game(3), {"odd": 1})
    }
    fetched = fetch(chesscom)
    found = outline(entries(fetched))
    assert found[0].startswith("set aside: ")
    assert "ughouse" in found[0]
    assert found[1:] == [
        "set aside: no moves: Chess.com's answer has no PGN for this game",
        "game of 2",
        "broken: this JSON object is not a game as Lichess or Chess.com export it (line None)",
    ]
    assert kept(fetched)["2025/03"].games == 4


def test_a_player_without_games_has_none(chesscom: Replay, chesscom_site: ChesscomSite) -> None:
    chesscom_site.months = {"2025/03": b'{"games":[]}'}
    assert fetch(chesscom)[:-1] == []
    chesscom_site.months = {}
    assert fetch(chesscom) == []


def test_an_unknown_player_is_told_in_words(chesscom: Replay) -> None:
    def not_found(_reply: Reply) -> Reply:
        return Reply(404, b'{"code":0,"message":"User \\"ann\\" not found."}')

    for fault in (not_found, refused(410)):
        chesscom.faults.append(fault)
        with pytest.raises(PlayerUnknown, match=r"Chess\.com has no player 'ann', or the account"):
            fetch(chesscom)


def test_a_refusal_says_that_a_contact_is_wanted(chesscom: Replay) -> None:
    chesscom.faults.append(refused(403))
    with pytest.raises(SourceRefused, match=r"\(403\): it wants a mail address"):
        fetch(chesscom)


@pytest.mark.parametrize(
    "name", ["", "a", "../titled", "ann?x=1", "ann/b", "ann b", "Änn", "a" * 26, "ann\n"]
)
def test_a_name_that_nobody_has_is_not_asked_for(chesscom: Replay, name: str) -> None:
    with pytest.raises(PlayerUnknown, match=r"no player of Chess\.com is called"):
        fetching(chesscom, player=name)
    assert chesscom.asked == []


@pytest.mark.shared
def test_every_game_of_a_real_month_is_counted(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    files = {
        "2022/08": "epictetusz1_2022-08.json",
        "2023/01": "wizardchiken_2023-01.json",
        "2025/03": "aegboye7_2025-03.json",
    }
    chesscom_site.months = {
        name: shared_data(f"chesscom_pubapi/{file}").read_bytes() for name, file in files.items()
    }
    size = len(chesscom_site.months["2025/03"])
    chesscom.faults.extend([fine, fine, fine, cut(size // 2), shortened(size - 3, Ending.LENGTH)])
    fetched = fetch(chesscom)
    assert {name: seen.games for name, seen in kept(fetched).items()} == {
        "2022/08": 17,
        "2023/01": 15,
        "2025/03": 235,
    }
    found = entries(fetched)
    assert len(found) == len({entry.headers["Link"] for entry in found}) == 267
    assert [entry.reason for entry in found if not isinstance(entry, Game)] == [
        "no moves: Chess.com's answer has no PGN for this game",
        "no moves",
    ]
