"""A player's games come whole from Lichess, however the connection behaves."""

import dataclasses
import gzip
import json
from typing import Any

import pytest

from chess_analytics.games.model import Game
from chess_analytics.sources.checkpoints import Checkpoint
from chess_analytics.sources.http import (
    SourceBusy,
    SourceRefused,
    SourceUnreachable,
)
from tests.games.pgn_builders import outline
from tests.shared_data import shared_data
from tests.sources.lichess_player import ALL, entries, fetch, fetching, game, ids
from tests.sources.replay import (
    Ending,
    Fault,
    LichessSite,
    RecordedWaits,
    Replay,
    cut,
    fine,
    line_of,
    packed,
    refused,
    shortened,
)


def body_of(lichess_site: LichessSite) -> bytes:
    return b"".join(map(line_of, lichess_site.games))


def places_to_cut(body: bytes) -> list[int]:
    """Give every edge of every line, and places between."""
    ends = [at + 1 for at, byte in enumerate(body) if byte == ord("\n")]
    edges = {edge + by for edge in ends for by in (-2, -1, 0, 1)}
    return sorted(at for at in {*edges, 0, 1, *range(0, len(body), 149)} if at < len(body))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(cut, id="chunks cut"),
        pytest.param(lambda at: cut(at, Ending.LENGTH), id="less than the length"),
    ],
)
def test_wherever_the_connection_is_cut_every_game_comes_once(
    lichess: Replay, lichess_site: LichessSite, fault: Any
) -> None:
    # Two games of one moment, and a line that is no game: what is hard to take up again.
    lichess_site.games = [
        game(1),
        game(2),
        game(3, createdAt=game(2)["createdAt"]),
        b"{broken",
        game(4),
    ]
    whole = outline(entries(fetch(lichess)))
    assert len(whole) == 5
    for at in places_to_cut(body_of(lichess_site)):
        lichess.faults.append(fault(at))
        waits = RecordedWaits()
        fetched = fetch(lichess, waits)
        assert outline(entries(fetched)) == whole, at
        assert ids(fetched) == ["game0001", "game0002", "game0003", "game0004"], at
        assert waits.seconds == [2.0]


def test_cut_again_and_again_it_still_comes_to_the_end(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    # Each answer begins with the last known game: one game more, and part of the next.
    lichess.faults.extend([cut(size + 20), *[cut(2 * size + 20)] * 3])
    waits = RecordedWaits()
    fetched = fetch(lichess, waits)
    assert ids(fetched) == ALL
    assert waits.seconds == [2.0] * 4
    assert [asked.params.get("since") for asked in lichess.asked] == [
        None,
        *[str(game(number)["createdAt"]) for number in range(1, 5)],
    ]
    checkpoints = [item for item in fetched if isinstance(item, Checkpoint)]
    assert [each.since_ms for each in checkpoints] == [
        game(number)["createdAt"] for number in range(1, 6)
    ]


def test_an_end_in_the_middle_of_a_line_is_no_end(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    body = body_of(lichess_site)
    for at in (10, len(body) // 2, len(body) - 1):
        for ending in (Ending.CHUNKED, Ending.LENGTH):
            lichess.faults.append(shortened(at, ending))
            assert ids(fetch(lichess)) == ALL


def test_an_answer_that_does_not_say_where_it_ends_is_refused(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess.faults.append(shortened(len(body_of(lichess_site)), Ending.UNTIL_CLOSED))
    with pytest.raises(SourceRefused, match="does not say where it ends"):
        fetch(lichess)


def test_a_packed_answer_says_itself_where_it_ends(lichess: Replay) -> None:
    def cut_packed(reply: Any) -> Any:
        return dataclasses.replace(packed(reply), cut_at=150, ending=Ending.UNTIL_CLOSED)

    lichess.faults.extend([cut_packed, packed])
    waits = RecordedWaits()
    assert ids(fetch(lichess, waits)) == ALL
    assert waits.seconds == [2.0]


@pytest.mark.parametrize("shuffled", [False, True])
def test_games_of_the_same_moment_come_once_each(
    lichess: Replay, lichess_site: LichessSite, *, shuffled: bool
) -> None:
    moment = game(2)["createdAt"]
    lichess_site.games = [
        game(1),
        *[game(number, createdAt=moment) for number in range(2, 7)],
        game(7),
    ]
    size = len(line_of(game(1)))

    def cut_and_shuffle(reply: Any) -> Any:
        if shuffled:
            lichess_site.games[1:6] = lichess_site.games[5:0:-1]
        return dataclasses.replace(reply, cut_at=4 * size)

    lichess.faults.append(cut_and_shuffle)
    found = ids(fetch(lichess))
    assert sorted(map(str, found)) == [f"game{number:04}" for number in range(1, 8)]


def test_after_a_429_a_full_minute_passes_or_more(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    lichess.faults.extend(
        [cut(2 * size), refused(429), refused(429, Retry_After="5"), refused(429, Retry_After="90")]
    )
    waits = RecordedWaits()
    assert ids(fetch(lichess, waits)) == ALL
    assert waits.seconds == [2.0, 60.0, 60.0, 90.0]
    assert {asked.params.get("since") for asked in lichess.asked[1:]} == {str(game(2)["createdAt"])}


def test_a_site_that_stays_busy_ends_the_import_with_what_to_do(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    lichess.faults.extend([cut(2 * size), *[refused(429)] * 6])
    waits = RecordedWaits()
    with pytest.raises(SourceBusy, match="Start the import again in 15 minutes") as busy:
        fetch(lichess, waits)
    assert busy.value.retry_after_s == 900
    assert waits.seconds == [2.0, 60.0, 60.0, 60.0, 120.0]


def test_what_came_before_the_end_is_there_with_its_checkpoint(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    lichess.faults.extend([cut(2 * size), *[refused(502)] * 6])
    stream = fetching(lichess)
    found = [next(stream) for _ in range(3)]
    assert ids(found) == ALL[:2]
    assert found[2] == Checkpoint(game(2)["createdAt"])
    with pytest.raises(SourceUnreachable, match=r"error of its own \(502\), also after 5 waits"):
        next(stream)


def test_failures_that_let_games_through_are_not_counted_together(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    failing: list[Fault] = [refused(503)] * 5
    lichess.faults.extend([*failing, cut(2 * size), *failing[:4], fine])
    waits = RecordedWaits()
    assert ids(fetch(lichess, waits)) == ALL
    assert waits.seconds == [2.0, 5.0, 15.0, 45.0, 120.0, 2.0, 5.0, 15.0, 45.0, 120.0]


def test_a_line_without_end_is_not_followed(lichess: Replay, lichess_site: LichessSite) -> None:
    lichess_site.games = [game(1), b"x" * 18_000_000, game(2)]
    with pytest.raises(SourceRefused, match="line without end"):
        fetch(lichess)


def test_an_answer_cut_behind_its_last_game_leaves_nothing_to_ask(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    lichess.faults.append(cut(size))
    fetched = fetch(lichess, resume=Checkpoint(game(5)["createdAt"], ("game0001",)))
    assert ids(fetched) == ["game0001", "game0005"]
    assert [asked.method for asked in lichess.asked] == ["POST", "GET"]


@pytest.mark.shared
def test_real_games_with_analysis_survive_three_cuts(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    packed_lines = shared_data("gold/lichess_server_analysis.ndjson.gz").read_bytes()
    lines = gzip.decompress(packed_lines).splitlines()[:120]
    games = sorted(map(json.loads, lines), key=lambda each: each["createdAt"])
    lichess_site.games = [*games]
    body = body_of(lichess_site)
    lichess.faults.extend([cut(len(body) // 5), cut(len(body) // 3), cut(len(body) // 2)])
    fetched = fetch(lichess)
    assert ids(fetched) == [each["id"] for each in games]
    assert len(lichess.asked) == 4
    assert all(item.moves[0].supplied for item in fetched if isinstance(item, Game))
