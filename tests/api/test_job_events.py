"""Jobs as streams of events: what happened comes, once, to whoever may hear it."""

import asyncio
import json

from fastapi.testclient import TestClient

from chess_analytics.api.job_watch import MOST_OF_A_USER
from tests.analysing import Hands, keep_batch, keep_ended_job
from tests.api.serving import Served
from tests.api.streaming import following, hurry
from tests.library import id_of, keep_game


def job_of_two(served: Served, user: TestClient) -> int:
    for _ in range(2):
        keep_game(served.store, id_of(user))
    return keep_batch(served.store, id_of(user))


async def in_thread(work: object, *args: object) -> None:
    assert callable(work)
    await asyncio.get_running_loop().run_in_executor(None, work, *args)


def test_a_stream_tells_every_change_until_the_job_has_ended(
    served: Served, ada: TestClient
) -> None:
    job_id, hands = job_of_two(served, ada), Hands(served.store, served.clock)
    watch = hurry(served)

    async def _go() -> None:
        async with following(served, ada, job_id) as stream:
            status, headers = await stream.start()
            assert (status, headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            assert headers["x-accel-buffering"] == "no"
            assert "no-cache" in headers["cache-control"]
            first = await stream.event()
            assert first
            assert first["event"] == "progress"
            assert json.loads(first["data"]) == ada.get(f"analysis-jobs/{job_id}").json()
            await in_thread(hands.do, 1)
            done, ids = 0, {first["id"]}
            while done < 1:
                event = await stream.event()
                assert event
                done = json.loads(event["data"])["counts"]["done"]
                assert event["id"] not in ids
                ids.add(event["id"])
            await in_thread(hands.do, 1)
            last = first
            while (event := await stream.event()) is not None:
                last = event
            assert last["event"] == "ended"
            assert json.loads(last["data"])["state"] == "completed"
        assert watch.listening == 0
        # Who comes again knows all there is to know, and is told not to come any more.
        async with following(served, ada, job_id, last["id"]) as stream:
            assert (await stream.start())[0] == 204

    asyncio.run(_go())


def test_who_comes_again_hears_nothing_twice_and_misses_no_change(
    served: Served, ada: TestClient
) -> None:
    job_id, hands = job_of_two(served, ada), Hands(served.store, served.clock)
    hurry(served)

    async def _go() -> None:
        async with following(served, ada, job_id) as stream:
            await stream.start()
            known = await stream.event()
            assert known
        async with following(served, ada, job_id, known["id"]) as stream:
            await stream.start()
            waiting = asyncio.ensure_future(stream.event())
            await asyncio.sleep(0.05)
            assert not waiting.done()
            await in_thread(hands.do, 1)
            assert await waiting
        # What happens while nobody listens is there at the next time.
        await in_thread(hands.do, 1)
        async with following(served, ada, job_id, known["id"]) as stream:
            await stream.start()
            events = [await stream.event(), await stream.event(), await stream.event()]
            assert [event and event["event"] for event in events] == ["progress", "ended", None]

    asyncio.run(_go())


def test_a_stream_ends_with_the_session_and_with_the_account(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    hurry(served, check_s=0)
    other = served.log_in("bob")
    job_id = job_of_two(served, bob)

    async def _go() -> None:
        async with (
            following(served, other, job_id) as revoked,
            following(served, bob, job_id) as deleted,
        ):
            for stream in (revoked, deleted):
                assert (await stream.start())[0] == 200
                assert await stream.event()
            await in_thread(other.delete, "sessions/current")
            assert await revoked.event() is None
            waiting = asyncio.ensure_future(deleted.event())
            await in_thread(ada.delete, f"users/{id_of(bob)}")
            assert await waiting is None

    asyncio.run(_go())


def test_what_is_done_over_the_api_is_told_at_once(served: Served, ada: TestClient) -> None:
    job_id = job_of_two(served, ada)
    # Nobody looks unless somebody rings.
    hurry(served, look_s=3600)

    async def _go() -> None:
        async with following(served, ada, job_id) as stream:
            await stream.start()
            await stream.event()
            waiting = asyncio.ensure_future(stream.event())
            await in_thread(ada.post, f"analysis-jobs/{job_id}/pause")
            event = await waiting
            assert event
            assert json.loads(event["data"])["state"] == "paused"

    asyncio.run(_go())


def test_who_listens_too_often_is_told_to_ask_now_and_then(served: Served, ada: TestClient) -> None:
    job_id = job_of_two(served, ada)
    watch = hurry(served)

    async def _go() -> None:
        streams = [
            watch.events((id_of(ada), job_id), None, lambda: True) for _ in range(MOST_OF_A_USER)
        ]
        for stream in streams:
            await anext(stream)
            await anext(stream)
        async with following(served, ada, job_id) as refused:
            status, headers = await refused.start()
            assert (status, headers["retry-after"]) == (503, "30")
            assert headers["content-type"] == "application/problem+json"
        for stream in streams:
            await stream.aclose()

    asyncio.run(_go())


def test_a_job_that_is_over_is_told_whole_and_ends_at_once(served: Served, ada: TestClient) -> None:
    job_id = keep_ended_job(served.store, id_of(ada), is_failed=True)
    answer = ada.get(f"analysis-jobs/{job_id}/events")
    assert answer.status_code == 200
    assert [line for line in answer.text.splitlines() if line.startswith("event")] == [
        "event: progress",
        "event: ended",
    ]
