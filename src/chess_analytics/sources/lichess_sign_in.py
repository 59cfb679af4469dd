"""Ask Lichess who somebody is: OAuth 2 with PKCE, as a public client without a secret of its own.

We ask for no permissions, and give the token back as soon as we know the name.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

import httpx2
from pydantic import BaseModel, Field, ValidationError

from chess_analytics.sources.http import SourceRefused, SourceUnreachable

_PATIENCE_S = 15.0
_MOST_BYTES = 65_536


class CodeRefused(SourceRefused):
    """Lichess does not accept what somebody brought back from there."""


@dataclass(frozen=True, slots=True)
class LichessPlayer:
    """Somebody at Lichess."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LichessClient:
    """What Lichess knows us by."""

    base: str
    client_id: str
    redirect_uri: str
    patience_s: float = _PATIENCE_S
    """So long may all questions about one sign-in take together."""
    clock_s: Callable[[], float] = time.monotonic

    def address(self, state: str, verifier: str) -> str:
        """Give the page of Lichess where somebody agrees to tell us who they are."""
        wanted = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code_challenge_method": "S256",
            "code_challenge": _challenge(verifier),
            "state": state,
        }
        return f"{self.base}/oauth?{urlencode(wanted)}"

    def identify(self, code: str, verifier: str) -> LichessPlayer:
        """Ask Lichess who came back from there with this code.

        Raises:
            CodeRefused: the code is not good, or not any more.
            SourceUnreachable: Lichess does not answer, or has an error of its own.
            SourceRefused: it answers what makes no sense.
        """
        end_s = self.clock_s() + self.patience_s
        with _connection(self.base, self.patience_s) as connection:
            ask = _Asker(connection, self.clock_s, end_s)
            token = self._token(ask, code, verifier)
            authorization = {"Authorization": f"Bearer {token.access_token}"}
            try:
                account = ask("GET", "/api/account", _Account, headers=authorization)
            finally:
                # It would end by itself; that we could not give it back is nobody's problem.
                with (
                    suppress(httpx2.HTTPError),
                    connection.stream("DELETE", "/api/token", headers=authorization),
                ):
                    pass
        return LichessPlayer(account.id, account.username)

    def _token(self, ask: "_Asker", code: str, verifier: str) -> "_Token":
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
        }
        return ask("POST", "/api/token", _Token, form=form)


class _Token(BaseModel):
    access_token: str = Field(pattern=r"^[!-~]+$", max_length=4096, repr=False)


class _Account(BaseModel):
    id: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    username: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")


_Model = TypeVar("_Model", _Token, _Account)


class _Asker:
    """Asks one question after the other, until the time is up."""

    def __init__(
        self, connection: httpx2.Client, clock_s: Callable[[], float], end_s: float
    ) -> None:
        self._connection = connection
        self._clock_s = clock_s
        self._end_s = end_s

    def __call__(
        self,
        method: str,
        path: str,
        model: type[_Model],
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Model:
        try:
            with self._connection.stream(method, path, data=form, headers=headers) as response:
                _judge(response.status_code, path)
                return model.model_validate_json(self._body(response))
        except httpx2.HTTPError as error:
            raise _unreachable(type(error).__name__) from error
        except ValidationError:
            # Without its cause: that would tell the token.
            raise SourceRefused(
                f"Lichess answers {path} in a way that we do not understand; the operator of this "
                "server should check CHESS_ANALYTICS_LICHESS_URL"
            ) from None

    def _body(self, response: httpx2.Response) -> bytes:
        body = b""
        for piece in response.iter_raw():
            body += piece
            if len(body) > _MOST_BYTES:
                raise SourceRefused("Lichess answers more than anybody would; try again later")
            if self._clock_s() > self._end_s:
                raise _unreachable("it is too slow")
        return body


def _judge(status: int, path: str) -> None:
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _unreachable(f"status {status}")
    if path == "/api/token":
        raise CodeRefused(
            f"Lichess does not accept this sign-in (status {status}): it took too long, or was "
            "used before; sign in again"
        )
    raise SourceRefused(f"Lichess does not say who you are (status {status}); sign in again")


def _unreachable(why: str) -> SourceUnreachable:
    return SourceUnreachable(f"Lichess does not answer ({why}); try again in a few minutes")


@contextmanager
def _connection(base: str, patience_s: float) -> Iterator[httpx2.Client]:
    with httpx2.Client(
        base_url=base,
        timeout=patience_s,
        follow_redirects=False,
        # Read as it comes: what is packed could unfold to any size.
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    ) as connection:
        yield connection


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
