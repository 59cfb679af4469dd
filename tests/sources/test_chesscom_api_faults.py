"""A player's games come whole from Chess.com, however the connection behaves."""

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from chess_analytics.games.model import Broken
from chess_analytics.sources.formats import MAX_JSON_GAME_BYTES
from chess_analytics.sources.http import (
    SourceBusy,
    SourceRefused,
    SourceUnreachable,
    StoppedByUser,
)
from tests.sources.chesscom_player import (
    ALL,
    collect,
    fetch,
    fetching,
    game,
    ids,
    kept,
    month,
)
from tests.sources.replay import (
    ChesscomSite,
    Ending,
    Fault,
    RecordedWaits,
    Replay,
    Reply,
    cut,
    fine,
    packed,
    refused,
    shortened,
)

if TYPE_CHECKING:
    from chess_analytics.sources.checkpoints import Fetched


@pytest.mark.parametrize("ending", list(Ending))
def test_wherever_the_connection_is_cut_every_game_comes_once(
    chesscom: Replay, chesscom_site: ChesscomSite, ending: Ending
) -> None:
    body = chesscom_site.months["2025/01"]
    closing = [at + 1 for at, byte in enumerate(body) if byte in b"}]"]
    for at in sorted({0, 1, *range(5, len(body), 151), *closing} - {len(body)}):
        chesscom.faults.extend([fine, cut(at, ending)])
        waits = RecordedWaits()
        fetched = fetch(chesscom, waits)
        assert ids(fetched) == ALL, at
        assert len(kept(fetched)) == 3
        assert waits.seconds == [2.0]


def test_an_answer_that_ends_early_and_looks_whole_is_not_taken(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    size = len(chesscom_site.months["2025/01"])
    for at in (size - 1, size - 2, size // 2):
        for ending in Ending:
            chesscom.faults.extend([fine, shortened(at, ending)])
            assert ids(fetch(chesscom)) == ALL


def test_a_packed_month_is_read_and_a_damaged_one_asked_for_again(chesscom: Replay) -> None:
    def damaged(reply: Reply) -> Reply:
        sound = packed(reply).body
        body = sound[:40] + bytes([sound[40] ^ 0xFF]) + sound[41:]
        return dataclasses.replace(packed(reply), body=body)

    def cut_packed(reply: Reply) -> Reply:
        return dataclasses.replace(packed(reply), cut_at=100, ending=Ending.UNTIL_CLOSED)

    chesscom.faults.extend([packed, damaged, cut_packed, packed, packed])
    waits = RecordedWaits()
    assert ids(fetch(chesscom, waits)) == ALL
    assert waits.seconds == [2.0, 5.0]


def test_a_429_is_waited_for_and_ends_the_import_when_it_stays(chesscom: Replay) -> None:
    chesscom.faults.extend([refused(429), fine, refused(429, Retry_After="70")])
    waits = RecordedWaits()
    assert ids(fetch(chesscom, waits)) == ALL
    assert waits.seconds == [60.0, 70.0]
    chesscom.faults.extend([fine, fine, *[refused(429)] * 6])
    found: list[Fetched] = []
    with pytest.raises(SourceBusy, match=r"Chess\.com limits our requests \(429\)"):
        collect(found, fetching(chesscom))
    assert ids(found) == ["1", "2"]
    assert list(kept(found)) == ["2025/01"]


FAILING: list[Fault] = [refused(500)] * 6


def test_one_month_that_does_not_come_hides_no_other(chesscom: Replay) -> None:
    chesscom.faults.extend([fine, *FAILING])
    waits = RecordedWaits()
    fetched = fetch(chesscom, waits)
    assert ids(fetched) == ["3", "4", "5"]
    (broken,) = (item for item in fetched if isinstance(item, Broken))
    assert broken.place.source.endswith("/2025/01")
    assert broken.reason.startswith("this month did not come: Chess.com has an error of its own")
    assert waits.seconds == [2.0, 5.0, 15.0, 45.0, 120.0]
    assert list(kept(fetched)) == ["2025/02", "2025/03"]
    assert ids(fetch(chesscom, months=kept(fetched))) == ["1", "2"]


@pytest.mark.parametrize(
    ("faults", "games"), [([fine, *FAILING, *FAILING], []), ([fine, fine, fine, *FAILING], ALL[:3])]
)
def test_two_months_in_a_row_or_the_last_that_do_not_come_end_the_import(
    chesscom: Replay, faults: list[Fault], games: list[str]
) -> None:
    chesscom.faults.extend(faults)
    found: list[Fetched] = []
    with pytest.raises(SourceUnreachable, match=r"error of its own \(500\), also after 5 waits"):
        collect(found, fetching(chesscom))
    assert ids(found) == games
    assert not any(isinstance(item, Broken) for item in found)


def internal_error(reply: Reply) -> Reply:
    words = {"code": 0, "message": "An internal error has occurred. Please contact Chess.com."}
    return dataclasses.replace(reply, status=404, body=json.dumps(words).encode())


def test_a_failure_that_calls_itself_not_found_is_tried_again(chesscom: Replay) -> None:
    chesscom.faults.extend([internal_error, fine, internal_error])
    waits = RecordedWaits()
    assert ids(fetch(chesscom, waits)) == ALL
    assert waits.seconds == [2.0, 2.0]


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":0,"message":"no"}',
        b"[]",
        b"null",
        b'[{"url":"https://www.chess.com/game/live/1"}]',
    ],
)
def test_a_month_that_is_something_else_is_refused(
    chesscom: Replay, chesscom_site: ChesscomSite, body: bytes
) -> None:
    chesscom_site.months["2025/01"] = body
    with pytest.raises(SourceRefused, match="is not a month of games"):
        fetch(chesscom)


def test_a_list_that_is_something_else_is_asked_for_again(chesscom: Replay) -> None:
    def odd(body: bytes) -> Fault:
        return lambda reply: dataclasses.replace(reply, body=body)

    chesscom.faults.extend([odd(b'{"archives":7}'), odd(b"[1]"), odd(b'{"archives":["https')])
    waits = RecordedWaits()
    assert ids(fetch(chesscom, waits)) == ALL
    assert waits.seconds == [2.0, 5.0, 15.0]


def test_a_game_without_end_costs_the_rest_of_its_month_only(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    chesscom_site.months["2025/02"] = month(
        game(3), game(7, pgn="x" * (MAX_JSON_GAME_BYTES + 70_000))
    )
    fetched = fetch(chesscom)
    assert ids(fetched) == ALL
    (broken,) = (item for item in fetched if isinstance(item, Broken))
    assert "longer than any game" in broken.reason
    assert broken.reason.endswith("the games before this point were read")
    assert list(kept(fetched)) == ["2025/01", "2025/03"]


def test_somebody_can_stop_it_while_it_waits(chesscom: Replay) -> None:
    class Stopping(RecordedWaits):
        def __call__(self, seconds: float) -> None:
            super().__call__(seconds)
            raise StoppedByUser("stopped")

    chesscom.faults.extend([fine, fine, refused(429)])
    waits = Stopping()
    stream = fetching(chesscom, waits)
    assert ids([next(stream) for _ in range(3)]) == ["1", "2"]
    with pytest.raises(StoppedByUser):
        next(stream)
    assert waits.seconds == [60.0]


def test_a_month_that_memory_should_not_hold_is_read_from_a_file(
    chesscom: Replay, chesscom_site: ChesscomSite
) -> None:
    large = [game(number, tcn="x" * 900_000) for number in range(10, 20)]
    chesscom_site.months["2025/02"] = month(*large, game(3))
    chesscom.faults.extend([fine, fine, cut(8_500_000)])
    fetched = fetch(chesscom)
    assert ids(fetched) == ["1", "2", *map(str, range(10, 20)), "3", "4", "5"]
    assert kept(fetched)["2025/02"].games == 11


def test_nothing_of_a_failed_try_is_left_for_the_next(chesscom: Replay) -> None:
    def longer(reply: Reply) -> Reply:
        return dataclasses.replace(reply, body=reply.body + b"," * 1_000)

    chesscom.faults.extend([fine, longer])
    waits = RecordedWaits()
    assert ids(fetch(chesscom, waits)) == ALL
    assert waits.seconds == [2.0]
