"""The watch over jobs: many listen, few look, and nobody hears anything twice."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing

import pytest
from sqlalchemy.exc import OperationalError

from chess_analytics.api.job_watch import (
    MOST_OF_A_USER,
    JobWatch,
    Pace,
    Sighting,
    TooManyListeners,
    ended_id,
)

JOB = (1, 7)
QUICK = Pace(look_s=0.01, heartbeat_s=60, check_s=60)


class Desk:
    """Where jobs are looked at; what is seen there is what the test says."""

    def __init__(self) -> None:
        self.seen: Sighting | Exception | None = Sighting('{"done": 0}', has_ended=False)
        self.looks = 0
        self._looked = threading.Condition()

    def look(self, _user_id: int, _job_id: int) -> Sighting | None:
        with self._looked:
            self.looks += 1
            self._looked.notify_all()
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen

    async def looked(self, times: int) -> None:
        """Wait until it was looked so often."""

        def _wait() -> None:
            with self._looked:
                assert self._looked.wait_for(lambda: self.looks >= times, 60)

        await asyncio.to_thread(_wait)

    def show(self, text: str, *, has_ended: bool = False) -> Sighting:
        self.seen = Sighting(text, has_ended=has_ended)
        return self.seen


@pytest.fixture
def desk() -> Desk:
    return Desk()


def listen(watch: JobWatch, known: str | None = None) -> AsyncGenerator[str, None]:
    return watch.events(JOB, known, lambda: True)


async def heard(events: AsyncIterator[str]) -> str:
    """Give the next event that is more than a word on how to come again."""
    while (text := await asyncio.wait_for(anext(events), 60)).startswith("retry"):
        pass
    return text


async def rest_of(events: AsyncIterator[str]) -> list[str]:
    async def _all() -> list[str]:
        return [text async for text in events if not text.startswith("retry")]

    return await asyncio.wait_for(_all(), 60)


def test_who_listens_hears_how_it_stands_and_then_every_change(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, QUICK)
        first = desk.seen
        assert isinstance(first, Sighting)
        async with aclosing(listen(watch)) as events:
            assert await heard(events) == (
                f'event: progress\nid: {first.version}\ndata: {{"done": 0}}\n\n'
            )
            second = desk.show('{"done": 1}')
            assert f"id: {second.version}\n" in await heard(events)
            last = desk.show('{"done": 2}', has_ended=True)
            assert await rest_of(events) == [
                f"event: progress\nid: {last.version}\ndata: {last.text}\n\n",
                f"event: ended\nid: {ended_id(last)}\ndata: {last.text}\n\n",
            ]
        assert watch.listening == 0

    asyncio.run(_go())


def test_what_is_known_is_not_told_again_but_the_next_change_is(desk: Desk) -> None:
    async def _go() -> None:
        known = desk.show('{"done": 5}')
        events = listen(JobWatch(desk.look, QUICK), known.version)
        waiting = asyncio.ensure_future(heard(events))
        await desk.looked(3)
        assert not waiting.done()
        desk.show('{"done": 6}')
        assert '"done": 6' in await waiting

    asyncio.run(_go())


def test_a_hundred_who_listen_cost_no_more_looks_than_one(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, Pace(look_s=0.2, heartbeat_s=60, check_s=60))
        streams = [listen(watch) for _ in range(100)]
        firsts = asyncio.gather(*map(heard, streams))
        await firsts
        assert watch.listening == 100
        before = desk.looks
        seconds = [asyncio.ensure_future(heard(stream)) for stream in streams]
        await desk.looked(before + 3)
        desk.show('{"done": 1}')
        at_change = desk.looks
        assert all('"done": 1' in text for text in await asyncio.gather(*seconds))
        # The one that may have been on its way, and the one that saw it; some more by a slow clock.
        assert desk.looks < at_change + 10

    asyncio.run(_go())


def test_a_bell_makes_it_look_at_once(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, Pace(look_s=3600, heartbeat_s=3600, check_s=3600))
        events = listen(watch)
        await heard(events)
        waiting = asyncio.ensure_future(heard(events))
        await asyncio.sleep(0)
        desk.show('{"done": 1}')
        thread = threading.Thread(target=watch.ring, args=JOB)
        thread.start()
        assert '"done": 1' in await waiting
        thread.join()

    asyncio.run(_go())


def test_a_sign_of_life_comes_when_nothing_else_does(desk: Desk) -> None:
    async def _go() -> None:
        events = listen(JobWatch(desk.look, Pace(look_s=0.01, heartbeat_s=0.02)))
        await heard(events)
        assert await heard(events) == ": nothing new\n\n"
        assert await heard(events) == ": nothing new\n\n"

    asyncio.run(_go())


def test_who_is_welcome_no_more_hears_no_more(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, Pace(look_s=0.01, check_s=0))
        answers: Iterator[bool] = iter([True, True, False])
        events = watch.events(JOB, None, lambda: next(answers))
        assert len(await rest_of(events)) == 1
        assert desk.looks >= 1
        assert watch.listening == 0

    asyncio.run(_go())


def test_a_job_that_is_gone_ends_the_stream_without_a_word(desk: Desk) -> None:
    async def _go() -> None:
        events = listen(JobWatch(desk.look, QUICK))
        await heard(events)
        desk.seen = None
        assert await rest_of(events) == []

    asyncio.run(_go())


def test_all_streams_end_when_the_server_stops(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, Pace(look_s=3600, heartbeat_s=3600))
        streams = [listen(watch) for _ in range(5)]
        for stream in streams:
            await heard(stream)
        ends = [asyncio.ensure_future(rest_of(stream)) for stream in streams]
        await asyncio.sleep(0)
        watch.close()
        assert await asyncio.gather(*ends) == [[]] * 5
        assert watch.listening == 0
        with pytest.raises(TooManyListeners):
            watch.check_room(1)

    asyncio.run(_go())


def test_no_stream_is_held_open_for_ever(desk: Desk) -> None:
    async def _go() -> None:
        events = listen(JobWatch(desk.look, Pace(look_s=0.01, longest_s=0.05)))
        assert len(await rest_of(events)) == 1

    asyncio.run(_go())


def test_a_database_that_is_away_interrupts_nobody(desk: Desk) -> None:
    async def _go() -> None:
        events = listen(JobWatch(desk.look, QUICK))
        await heard(events)
        desk.seen = OperationalError("select", {}, Exception("away"))
        looks = desk.looks
        waiting = asyncio.ensure_future(heard(events))
        await desk.looked(looks + 3)
        assert not waiting.done()
        desk.show('{"done": 9}')
        assert '"done": 9' in await waiting

    asyncio.run(_go())


def test_no_more_can_listen_than_there_is_room_for(desk: Desk) -> None:
    async def _go() -> None:
        watch = JobWatch(desk.look, QUICK, most_listeners=MOST_OF_A_USER + 1)
        streams = [listen(watch) for _ in range(MOST_OF_A_USER)]
        for stream in streams:
            watch.check_room(1)
            await heard(stream)
        with pytest.raises(TooManyListeners, match="you are listening"):
            watch.check_room(1)
        watch.check_room(2)
        other = watch.events((2, 8), None, lambda: True)
        await heard(other)
        with pytest.raises(TooManyListeners, match="as many"):
            watch.check_room(3)

    asyncio.run(_go())


def test_the_version_changes_if_and_only_if_what_is_told_does() -> None:
    one = Sighting("{}", has_ended=False)
    assert one.version == Sighting("{}", has_ended=False).version
    assert one.version != Sighting("{ }", has_ended=False).version
