"""What people do: the calls that the pages of the web app make, in its order."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench.load.people import Pace, Person

Page = Callable[[Person, Pace], Awaitable[None]]

_IMPORT_LOOK_S = 0.5
_REFRESH_S = 3.0
_A_SCRIPT_S = 1 / 30
_OPEN = ("waiting", "running")
_REFUSED = 429


async def browse(person: Person, pace: Pace) -> None:
    """Go from page to page, as long as there is time."""
    pages, weights = zip(*_PAGES.items(), strict=True)
    page = _home
    while await pace.look(person.chance, _LOOKED_AT.get(page, 1)):
        [page] = person.chance.choices(pages, weights)
        await page(person, pace)


async def bring_games(person: Person, pace: Pace, files: list[bytes]) -> None:
    """Log in, upload one file after another, and watch each being imported."""
    await person.log_in()
    for content in files:
        if not await pace.look(person.chance):
            return
        await _home(person, pace)
        sent = await person.ask("POST", "/imports", params={"name": "games.pgn"}, content=content)
        if sent is None or sent.is_error:
            continue
        number = sent.json()["id"]
        while await pace.wait(_IMPORT_LOOK_S):
            found = await person.get(f"/imports/{number}", "/imports/{id}")
            if found and found["state"] not in _OPEN:
                break
        await _home(person, pace)


async def have_analysed(person: Person, pace: Pace) -> None:
    """Have everything analysed, follow that to its end, and begin anew.

    Who has to wait in line is impatient, and asks once more: that is refused.
    """
    while await pace.look(person.chance):
        wish = {"profile": "fast", "reanalyse": True}
        started = await person.ask("POST", "/analysis-jobs", json=wish)
        if started is None or started.is_error:
            continue
        job = started.json()
        if job["state"] == "waiting":
            await person.ask("POST", "/analysis-jobs", json=wish)
        await _follow(person, pace, job["id"])


async def ask_on_and_on(person: Person, pace: Pace) -> None:
    """Read all games again and again, as a script does whose author thought of no limit."""
    while await pace.wait(_A_SCRIPT_S):
        answer = await person.ask("GET", "/games", params={"limit": 50})
        if answer is not None and answer.status_code == _REFUSED:
            await pace.wait(float(answer.headers.get("retry-after", 1)))


async def _follow(person: Person, pace: Pace, job_id: int) -> None:
    refreshed_s = 0.0

    async def hear(line: str) -> bool:
        nonlocal refreshed_s
        if line.startswith("event: ended") or pace.over.is_set():
            return False
        if line.startswith("event: progress") and time.monotonic() - refreshed_s > _REFRESH_S:
            refreshed_s = time.monotonic()
            await person.get("/games", limit=8, count="true")
        return True

    named = "/analysis-jobs/{id}/events"
    await person.follow(f"/analysis-jobs/{job_id}/events", named, hear)


async def _begin(person: Person) -> None:
    await person.get("/about")


async def _home(person: Person, _pace: Pace) -> None:
    await _begin(person)
    jobs, _ = await asyncio.gather(
        person.get("/analysis-jobs", limit=5),
        person.get("/imports", limit=5),
    )
    for job in _open_ones(jobs):
        await person.get(f"/analysis-jobs/{job['id']}", "/analysis-jobs/{id}")
    await person.get("/games", limit=8, count="true")


async def _games(person: Person, pace: Pace) -> None:
    await _begin(person)
    conditions = person.chance.choice(({}, {}, {"outcome": "loss"}, {"speed": "blitz"}))
    page = await person.get("/games", **conditions, sort="-played", limit=50, count="true")
    if page:
        person.listed = page["items"]
    if page and page["next"] and await pace.look(person.chance):
        await person.get("/games", **conditions, sort="-played", limit=50, after=page["next"])


async def _game(person: Person, pace: Pace) -> None:
    if not person.listed:
        # A game is opened from a list of them.
        await _games(person, pace)
        return
    await _begin(person)
    number = person.chance.choice(person.listed)["id"]
    game = await person.get(f"/games/{number}", "/games/{id}")
    if game and game["run"]:
        path = "/games/{id}/runs/{id}/review"
        await person.get(f"/games/{number}/runs/{game['run']['id']}/review", path)


async def _insights(person: Person, pace: Pace) -> None:
    await _begin(person)
    await asyncio.gather(
        person.get("/insights/catalogue"),
        person.get("/players"),
        person.get("/insights/findings", most=6),
    )
    if await pace.look(person.chance):
        by = person.chance.choice(("phase", "clock_left", "color", "speed"))
        await person.get("/insights/answers", metric="blunder_rate", by=by)


async def _jobs(person: Person, _pace: Pace) -> None:
    await _begin(person)
    for job in _open_ones(await person.get("/analysis-jobs")):
        await person.get(f"/analysis-jobs/{job['id']}", "/analysis-jobs/{id}")


def _open_ones(jobs: Any) -> list[Any]:
    return [job for job in jobs["items"] if job["ended_ms"] is None] if jobs else []


_PAGES: dict[Page, int] = {_home: 3, _games: 4, _game: 7, _insights: 3, _jobs: 1}
"""How often each page is opened: most of the time somebody looks at games."""
_LOOKED_AT: dict[Page, float] = {_game: 4, _insights: 2}
"""How much longer than others: a game is gone through move by move, charts are read."""
