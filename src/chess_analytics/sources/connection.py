"""Send requests to one chess site and to nobody else, and judge the status of each answer."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx2

from chess_analytics.sources.answer import Answer
from chess_analytics.sources.http import Hiccup, OnBytes, SourceRefused

_CONNECT_S = 20.0
_MOST_REDIRECTS = 3
# Lichess asks for a full minute of peace after a 429.
_PEACE_S = 60.0
# Of the client errors, these two say «not now».
_NOT_NOW = (httpx2.codes.REQUEST_TIMEOUT, httpx2.codes.TOO_EARLY)
_FOR_THE_CALLER = (
    httpx2.codes.OK,
    httpx2.codes.NOT_MODIFIED,
    httpx2.codes.NOT_FOUND,
    httpx2.codes.GONE,
)


@dataclass(frozen=True, slots=True)
class SiteRules:
    """A site as the connection sees it."""

    name: str
    base: str
    headers: Mapping[str, str]
    refusals: Mapping[int, str]
    """What a status means there, and what to do about it."""
    silence_s: float


@dataclass(frozen=True, slots=True)
class Question:
    """One request; a body makes it a POST."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


class Connection:
    """Asks one site, one question at a time."""

    def __init__(self, rules: SiteRules, on_bytes: OnBytes) -> None:
        self._rules = rules
        self._on_bytes = on_bytes
        # As bytes: a contact may have letters that httpx2 would not send.
        headers = [(name.encode(), value.encode()) for name, value in rules.headers.items()]
        try:
            # Proxies and certificates are the operator's to choose, by the usual variables of
            # the environment (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE): behind a company's proxy
            # nothing works without them, and no user of the platform can set them.
            self._client = httpx2.Client(
                base_url=_base(rules),
                headers=headers,
                timeout=httpx2.Timeout(rules.silence_s, connect=_CONNECT_S),
                follow_redirects=False,
                trust_env=True,
            )
        except (ValueError, ImportError) as error:
            raise SourceRefused(
                f"the proxy that the environment names cannot be used: {error}. "
                "Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or unset it."
            ) from error

    @property
    def base(self) -> str:
        return self._rules.base

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    @contextmanager
    def ask(self, question: Question) -> Iterator[Answer]:
        """Open the answer to a question: 200, 304, 404 or 410.

        Raises:
            Hiccup: this try failed; the next may not.
            SourceRefused: the site says no.
        """
        response = self._follow(
            self._client.build_request(
                "GET" if question.body is None else "POST",
                question.path,
                params=dict(question.params),
                headers=dict(question.headers),
                content=question.body,
            )
        )
        try:
            self._judge(response)
            yield Answer(response, self._rules.name, self._on_bytes)
        finally:
            response.close()

    def _follow(self, request: httpx2.Request) -> httpx2.Response:
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._send(request)
            if response.next_request is None:
                return response
            response.close()
            target = response.next_request.url
            if _origin(target) != _origin(request.url):
                raise SourceRefused(
                    f"{self._rules.name} sends us to another address ({target.host}), where we do "
                    "not go. Check the address that is set for it."
                )
            request = response.next_request
        raise SourceRefused(
            f"{self._rules.name} sends us from one address to the next without end. "
            "Check the address that is set for it."
        )

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return self._client.send(request, stream=True)
        except (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol):
            # What httpx2 says here can hold the token.
            raise SourceRefused(
                f"{self._rules.name} cannot be asked: the contact or the token that is set holds "
                "a line break or another character that no request can carry. Set it again."
            ) from None
        except httpx2.TransportError as error:
            why = str(error) or type(error).__name__
            raise Hiccup(f"{self._rules.name} cannot be reached ({why})") from error

    def _judge(self, response: httpx2.Response) -> None:
        status, name = response.status_code, self._rules.name
        if status in _FOR_THE_CALLER:
            return
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            least_s = max(_PEACE_S, _retry_after_s(response.headers))
            raise Hiccup(f"{name} limits our requests ({status})", least_s=least_s, is_busy=True)
        if status in _NOT_NOW or httpx2.codes.is_server_error(status):
            least_s = _retry_after_s(response.headers)
            raise Hiccup(f"{name} has an error of its own ({status})", least_s=least_s)
        raise SourceRefused(
            self._rules.refusals.get(
                status, f"{name} answers with status {status}, which has no meaning here."
            )
        )


def _base(rules: SiteRules) -> httpx2.URL:
    try:
        base = httpx2.URL(rules.base)
    except httpx2.InvalidURL:
        base = httpx2.URL()
    if base.scheme not in ("http", "https") or not base.host:
        raise SourceRefused(
            f"{rules.base!r} is set as the address of {rules.name}, and is none. "
            "Set one like https://lichess.org."
        )
    return base


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _retry_after_s(headers: httpx2.Headers) -> float:
    """Read how long the site wants to be left alone: seconds, or a date by its own clock."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0
