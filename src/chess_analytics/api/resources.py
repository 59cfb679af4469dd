"""What a request works with: the store, the settings, the time."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from chess_analytics.settings import Settings
from chess_analytics.store.session import Store


@dataclass(frozen=True, slots=True)
class Resources:
    """All that the application holds while it runs."""

    settings: Settings
    store: Store
    now_ms: Callable[[], int]


def clock_ms() -> int:
    """Tell the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


async def _resources(request: Request) -> Resources:
    found = request.app.state.resources
    assert isinstance(found, Resources)  # noqa: S101 - the lifespan has set it
    return found


async def _store(resources: "Has") -> Store:
    return resources.store


async def _settings(resources: "Has") -> Settings:
    return resources.settings


async def _now_ms(resources: "Has") -> int:
    return resources.now_ms()


def _reading(resources: "Has") -> Iterator[Connection]:
    with resources.store.reading() as connection:
        yield connection


def _writing(resources: "Has") -> Iterator[Connection]:
    with resources.store.writing() as connection:
        yield connection


Has = Annotated[Resources, Depends(_resources)]
TheStore = Annotated[Store, Depends(_store)]
"""For requests that do slow things between their transactions."""
TheSettings = Annotated[Settings, Depends(_settings)]
Now = Annotated[int, Depends(_now_ms)]
# Their scope ends with the function, not with the request: what an answer says is committed before
# the answer is sent, and no transaction waits for a slow reader.
Reading = Annotated[Connection, Depends(_reading, scope="function")]
Writing = Annotated[Connection, Depends(_writing, scope="function")]
