"""What is left of the limits on requests, told in the header of every answer that was counted.

The names are those of the IETF's draft «RateLimit header fields for HTTP»
(draft-ietf-httpapi-ratelimit-headers): a client can slow down before it is refused.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "RateLimit-Policy"
LEFT = "RateLimit"
DESCRIBED: dict[str, Any] = {
    POLICY: {
        "schema": {"type": "string"},
        "description": "The limits that this request counts for: `q` requests in `w` seconds, such "
        'as `"user";q=1200;w=60`. Absent where there are none.',
    },
    LEFT: {
        "schema": {"type": "string"},
        "description": "What is left of each: `r` requests, until it begins anew in `t` seconds, "
        'such as `"user";r=1180;t=42`.',
    },
}
"""As the description of the API has them."""
_STATE = "quotas"


@dataclass(frozen=True, slots=True)
class Quota:
    """Where somebody stands with one limit, after a request was counted."""

    kind: str
    """Whose: user or address."""
    most: int
    window_s: int
    left: int
    """Below zero where there were more than there may be."""
    wait_s: int
    """Until it begins anew."""


class QuotaHeaders:
    """Writes down what the limits have said about a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counted: list[Quota] = []
        scope.setdefault("state", {})[_STATE] = counted

        async def _send(message: Message) -> None:
            if counted and message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers[POLICY] = ", ".join(_policy(quota) for quota in counted)
                headers[LEFT] = ", ".join(_left(quota) for quota in counted)
            await send(message)

        await self._app(scope, receive, _send)


def note_quota(request: Request, quota: Quota) -> None:
    """Have the answer tell where somebody stands."""
    getattr(request.state, _STATE).append(quota)


def _policy(quota: Quota) -> str:
    return f'"{quota.kind}";q={quota.most};w={quota.window_s}'


def _left(quota: Quota) -> str:
    return f'"{quota.kind}";r={max(0, quota.left)};t={quota.wait_s}'
