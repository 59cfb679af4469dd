"""How a site is asked, waited for and given up, whichever it is."""

import dataclasses
import gzip
import threading
import tracemalloc
from collections.abc import Generator

import pytest

from chess_analytics.sources.checkpoints import Fetched
from chess_analytics.sources.chesscom_api import fetch_chesscom
from chess_analytics.sources.http import (
    OnBytes,
    PlayerUnknown,
    SiteAccess,
    SourceBusy,
    SourceRefused,
    SourceUnreachable,
    StoppedByUser,
    Wait,
)
from chess_analytics.sources.lichess_api import fetch_lichess
from chess_analytics.sources.patience import stoppable_wait
from tests.ports import free_port
from tests.sources.lichess_player import ALL, game, ids
from tests.sources.replay import (
    Ending,
    Fault,
    RecordedWaits,
    Replay,
    Reply,
    dripping,
    line_of,
    refused,
    silent,
)

CONTACT = "chess-analytics/1 (contact: a@b.c)"


def from_lichess(
    access: SiteAccess, wait: Wait | None = None, on_bytes: OnBytes = lambda _bytes: None
) -> Generator[Fetched, None, None]:
    wait = wait or RecordedWaits()
    return fetch_lichess(access, "Ann", since_ms=None, wait=wait, on_bytes=on_bytes)


def from_chesscom(access: SiteAccess, wait: Wait | None = None) -> Generator[Fetched, None, None]:
    return fetch_chesscom(access, "ann", months={}, now_ms=0, wait=wait or RecordedWaits())


def access_to(site: Replay, user_agent: str = CONTACT, token: str | None = None) -> SiteAccess:
    return SiteAccess(
        lichess_base=site.base,
        chesscom_base=site.base,
        user_agent=user_agent,
        lichess_token=token,
    )


def test_the_token_goes_to_lichess_alone(lichess: Replay, chesscom: Replay) -> None:
    access = SiteAccess(
        lichess_base=lichess.base,
        chesscom_base=chesscom.base,
        user_agent=CONTACT,
        lichess_token="lip_secret",  # noqa: S106
    )
    assert list(from_lichess(access))
    assert list(from_chesscom(access))
    assert [asked.headers["authorization"] for asked in lichess.asked] == ["Bearer lip_secret"]
    assert not any("authorization" in asked.headers for asked in chesscom.asked)
    assert "secret" not in repr(access)


def test_a_token_that_no_request_can_carry_is_not_told_to_anybody(lichess: Replay) -> None:
    with pytest.raises(SourceRefused, match="cannot be asked") as refusal:
        list(from_lichess(access_to(lichess, token="lip_\r\nsecret")))  # noqa: S106
    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert lichess.asked == []


def test_a_contact_may_have_any_letters(lichess: Replay) -> None:
    assert list(from_lichess(access_to(lichess, user_agent="chess-analytics (Jürgen, 棋)")))
    sent = lichess.asked[0].headers["user-agent"].encode("latin-1").decode()
    assert sent == "chess-analytics (Jürgen, 棋)"


def test_an_address_may_have_a_path(lichess: Replay) -> None:
    with pytest.raises(PlayerUnknown):
        list(from_lichess(SiteAccess(lichess_base=f"{lichess.base}/mirror/", user_agent=CONTACT)))
    assert lichess.asked[0].path == "/mirror/api/games/user/Ann"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "lichess.org",
        "ftp://lichess.org",
        "https://",
        "http://lichess.org:port",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_none_is_told(base: str) -> None:
    with pytest.raises(SourceRefused, match="is set as the address of Lichess, and is none"):
        list(from_lichess(SiteAccess(lichess_base=base, user_agent=CONTACT)))


def redirected(to: str, status: int = 302) -> Fault:
    return lambda _reply: Reply(status, b"", (("Location", to),), Ending.LENGTH)


def test_a_redirect_is_followed_inside_the_site(lichess: Replay) -> None:
    lichess.faults.append(redirected("/api/games/user/ANN?since=0", 301))
    assert ids(list(from_lichess(access_to(lichess)))) == ALL
    assert lichess.asked[1].target == "/api/games/user/ANN?since=0"
    assert lichess.asked[1].headers["user-agent"] == CONTACT


def test_a_redirect_to_somebody_else_is_not_followed(lichess: Replay, chesscom: Replay) -> None:
    port = lichess.base.rpartition(":")[2]
    for elsewhere in (
        chesscom.base,
        f"http://localhost:{port}",
        f"https://127.0.0.1:{port}",
        f"//localhost:{port}",
    ):
        lichess.faults.append(redirected(f"{elsewhere}/api/games/user/Ann"))
        with pytest.raises(SourceRefused, match="sends us to another address"):
            list(from_lichess(access_to(lichess, token="lip_secret")))  # noqa: S106
    assert chesscom.asked == []
    assert len(lichess.asked) == 4


def test_a_circle_of_redirects_is_left(lichess: Replay) -> None:
    lichess.faults.extend([redirected("/again")] * 9)
    with pytest.raises(SourceRefused, match="without end"):
        list(from_lichess(access_to(lichess)))
    assert len(lichess.asked) == 4


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ({}, 60.0),
        ({"Retry_After": "1"}, 60.0),
        ({"Retry_After": "61"}, 61.0),
        ({"Retry_After": "3600"}, 3600.0),
        ({"Retry_After": "soon"}, 60.0),
        ({"Retry_After": "-90"}, 60.0),
        ({"Retry_After": "9" * 5000}, 60.0),
        (
            {
                "Date": "Sat, 15 Mar 2025 10:00:00 GMT",
                "Retry_After": "Sat, 15 Mar 2025 10:01:30 GMT",
            },
            90.0,
        ),
        ({"Retry_After": "Sat, 15 Mar 2025 10:01:30 GMT"}, 60.0),
        ({"Date": "x", "Retry_After": "Sat, 15 Mar 2025 10:01:30 -0000"}, 60.0),
    ],
)
def test_a_429_is_waited_for_at_least_a_minute(
    lichess: Replay, header: dict[str, str], waited: float
) -> None:
    lichess.faults.append(refused(429, **header))
    waits = RecordedWaits()
    assert ids(list(from_lichess(access_to(lichess), waits))) == ALL
    assert waits.seconds == [waited]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_of_hours_is_left_to_the_caller(lichess: Replay, status: int) -> None:
    lichess.faults.append(refused(status, Retry_After="7200"))
    waits = RecordedWaits()
    with pytest.raises(SourceBusy, match="Start the import again in 120 minutes") as busy:
        list(from_lichess(access_to(lichess), waits))
    assert busy.value.retry_after_s == 7200
    assert waits.seconds == []


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 520])
def test_a_failing_site_is_waited_for_longer_and_longer(lichess: Replay, status: int) -> None:
    lichess.faults.extend([refused(status)] * 6)
    waits = RecordedWaits()
    with pytest.raises(SourceUnreachable, match=rf"\({status}\), also after 5 waits\. Check"):
        list(from_lichess(access_to(lichess), waits))
    assert waits.seconds == [2.0, 5.0, 15.0, 45.0, 120.0]
    assert len(lichess.asked) == 6


def test_a_failing_site_may_say_for_how_long(lichess: Replay) -> None:
    lichess.faults.append(refused(503, Retry_After="30"))
    waits = RecordedWaits()
    assert ids(list(from_lichess(access_to(lichess), waits))) == ALL
    assert waits.seconds == [30.0]


@pytest.mark.usefixtures("socket_enabled")
def test_a_site_that_is_not_there_is_told() -> None:
    waits = RecordedWaits()
    access = SiteAccess(chesscom_base=f"http://127.0.0.1:{free_port()}", user_agent=CONTACT)
    with pytest.raises(SourceUnreachable, match=r"Chess\.com cannot be reached \(.*refused"):
        list(from_chesscom(access, waits))
    assert len(waits.seconds) == 5


def test_a_connection_closed_without_a_word_is_tried_again(lichess: Replay) -> None:
    lichess.faults.extend([lambda reply: dataclasses.replace(reply, cut_at=-1)] * 2)
    waits = RecordedWaits()
    assert ids(list(from_lichess(access_to(lichess), waits))) == ALL
    assert waits.seconds == [2.0, 5.0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "answers with status 400"),
        (401, r"does not accept the access token that is set \(401\)"),
        (403, r"Lichess refuses our requests \(403\)"),
        (418, "answers with status 418"),
        (300, "answers with status 300"),
        (204, "answers with status 204"),
        (304, r"status 304\) where games were expected"),
    ],
)
def test_a_refusal_is_told_at_once(lichess: Replay, status: int, words: str) -> None:
    lichess.faults.append(refused(status))
    waits = RecordedWaits()
    with pytest.raises(SourceRefused, match=words):
        list(from_lichess(access_to(lichess), waits))
    assert waits.seconds == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/x-chess-pgn", ""])
def test_an_answer_of_another_kind_is_refused(lichess: Replay, chesscom: Replay, kind: str) -> None:
    def other(reply: Reply) -> Reply:
        return dataclasses.replace(reply, headers=(("Content-Type", kind),))

    for site, fetch in ((lichess, from_lichess), (chesscom, from_chesscom)):
        site.faults.append(other)
        with pytest.raises(SourceRefused, match="A proxy or a log-in page may stand in between"):
            list(fetch(access_to(site)))


def test_a_packing_that_was_not_asked_for_is_refused(lichess: Replay) -> None:
    def brotli(reply: Reply) -> Reply:
        return dataclasses.replace(reply, headers=(*reply.headers, ("Content-Encoding", "br")))

    lichess.faults.append(brotli)
    with pytest.raises(SourceRefused, match=r"did not ask for \(br\)"):
        list(from_lichess(access_to(lichess)))


def test_a_small_answer_that_unfolds_to_a_huge_one_is_refused(chesscom: Replay) -> None:
    bomb = gzip.compress(b'{"archives":[' + b" " * 60_000_000, compresslevel=9, mtime=0)
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    chesscom.faults.append(lambda _reply: Reply(200, bomb, headers))
    stream = from_chesscom(access_to(chesscom))
    tracemalloc.start()
    with pytest.raises(SourceRefused, match="longer than any that we expect: over 1,000,000 bytes"):
        next(stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_silent_connection_is_given_up_and_taken_up_again(lichess: Replay) -> None:
    size = len(line_of(game(1)))
    lichess.faults.extend([silent(0), silent(2 * size)])
    waits = RecordedWaits()
    access = dataclasses.replace(access_to(lichess), silence_s=1.5)
    assert ids(list(from_lichess(access, waits))) == ALL
    # The first game after a failure makes the next one the first again.
    assert waits.seconds == [2.0, 2.0]
    assert lichess.asked[2].params["since"] == str(game(2)["createdAt"])


def test_a_slow_connection_that_goes_on_is_left_alone(lichess: Replay) -> None:
    whole = sum(len(line_of(game(number))) for number in range(1, 6))
    lichess.faults.append(dripping(0.015))
    access = dataclasses.replace(access_to(lichess), silence_s=2.0)
    # All of it takes longer than the silence that is allowed.
    assert whole / 10 * 0.015 > access.silence_s
    assert ids(list(from_lichess(access))) == ALL
    assert len(lichess.asked) == 1


def test_what_arrives_is_counted_and_can_be_stopped(lichess: Replay) -> None:
    whole = sum(len(line_of(game(number))) for number in range(1, 6))
    arrived: list[int] = []
    assert list(from_lichess(access_to(lichess), on_bytes=arrived.append))
    assert sum(arrived) == whole

    def stop(_bytes: int) -> None:
        raise StoppedByUser("stopped")

    with pytest.raises(StoppedByUser):
        list(from_lichess(access_to(lichess), on_bytes=stop))


def test_the_proxy_of_the_environment_is_used(
    lichess: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", lichess.base)
    access = SiteAccess(lichess_base="http://lichess.invalid", user_agent=CONTACT)
    assert ids(list(from_lichess(access))) == ALL
    assert lichess.asked[0].target.startswith("http://lichess.invalid/api/games/user/Ann?")
    monkeypatch.setenv("HTTP_PROXY", "gopher://127.0.0.1")
    with pytest.raises(SourceRefused, match="the proxy that the environment names"):
        list(from_lichess(access))


def test_a_site_is_asked_by_one_import_at_a_time(lichess: Replay) -> None:
    class AnotherOneEnds(RecordedWaits):
        def __call__(self, seconds: float) -> None:
            super().__call__(seconds)
            first.close()

    first = from_lichess(access_to(lichess))
    next(first)
    waits = AnotherOneEnds()
    second = from_lichess(access_to(lichess), waits)
    assert len(lichess.asked) == 1
    assert ids(list(second)) == ALL
    assert waits.seconds == [1.0]
    assert len(lichess.asked) == 2


def test_imports_from_two_sites_do_not_wait_for_each_other(
    lichess: Replay, chesscom: Replay
) -> None:
    waits = RecordedWaits()
    from_both = zip(
        from_lichess(access_to(lichess), waits),
        from_chesscom(access_to(chesscom), waits),
        strict=False,
    )
    assert len(list(from_both)) == 6
    assert waits.seconds == []


def test_a_wait_ends_at_once_when_somebody_stops_it() -> None:
    stop = threading.Event()
    wait = stoppable_wait(stop)
    wait(0.0)
    stop.set()
    with pytest.raises(StoppedByUser, match="goes on from there"):
        wait(1_000.0)
