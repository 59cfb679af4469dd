"""What a request works with: the store, the settings, the time, how passwords are hashed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chess_analytics.actions.passwords import Passwords
from chess_analytics.settings import Settings
from chess_analytics.store.session import Store


@dataclass(frozen=True, slots=True)
class Resources:
    """All that the application holds while it runs."""

    settings: Settings
    store: Store
    now_ms: Callable[[], int]
    passwords: Passwords


def clock_ms() -> int:
    """Tell the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def resources_of(request: Request) -> Resources:
    """Give what the application holds, to whom FastAPI does not."""
    found = request.app.state.resources
    assert isinstance(found, Resources)  # noqa: S101 - the lifespan has set it
    return found


async def _resources(request: Request) -> Resources:
    return resources_of(request)


async def _store(resources: "Has") -> Store:
    return resources.store


async def _settings(resources: "Has") -> Settings:
    return resources.settings


async def _now_ms(resources: "Has") -> int:
    return resources.now_ms()


Has = Annotated[Resources, Depends(_resources)]
TheStore = Annotated[Store, Depends(_store)]
"""For requests that do slow things between their transactions."""
TheSettings = Annotated[Settings, Depends(_settings)]
Now = Annotated[int, Depends(_now_ms)]
