"""The cookie that holds the key of a session: for us alone, out of reach of scripts."""

from starlette.requests import Request
from starlette.responses import Response

from chess_analytics.actions.keep_sessions import SESSION_LIFE_MS
from chess_analytics.settings import Settings

NAME = "chess_analytics_session"
# Browsers take a cookie of such a name only over https and from this very host.
_SECURE_PREFIX = "__Host-"


def is_secure(settings: Settings) -> bool:
    """Tell whether browsers reach us over https."""
    return (settings.public_url or "").startswith("https://")


def full_name(name: str, settings: Settings) -> str:
    return f"{_SECURE_PREFIX}{name}" if is_secure(settings) else name


def read(request: Request, settings: Settings, name: str = NAME) -> str | None:
    return request.cookies.get(full_name(name, settings)) or None


def give(
    response: Response,
    settings: Settings,
    value: str,
    *,
    name: str = NAME,
    life_ms: int = SESSION_LIFE_MS,
) -> None:
    """Have the browser keep a secret and send it to us alone."""
    response.set_cookie(
        full_name(name, settings),
        value,
        max_age=life_ms // 1000,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def take_away(response: Response, settings: Settings, *, name: str = NAME) -> None:
    response.delete_cookie(
        full_name(name, settings),
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )
