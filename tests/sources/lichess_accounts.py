"""Lichess's part when somebody signs in there: its page, its codes, its tokens."""

import base64
import dataclasses
import hashlib
import json
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.sources.replay import Asked, Ending, Reply

_JSON = (("Content-Type", "application/json"),)


@dataclasses.dataclass(frozen=True)
class Agreed:
    """What somebody agreed to on the page of Lichess."""

    client_id: str
    redirect_uri: str
    challenge: str


class LichessAccounts:
    """Gives codes to who agrees, a token for a code, and with the token the account's name."""

    def __init__(self, name: str = "Lee") -> None:
        self.name = name
        self.tokens: list[str] = []
        """Those that were given and not given back."""
        self._codes: dict[str, Agreed] = {}
        self._given = 0

    def agree(self, address: str) -> str:
        """Open the page and agree; give the address to which the browser is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert urlsplit(address).path == "/oauth"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self._given += 1
        code = f"liu_code{self._given}"
        self._codes[code] = Agreed(
            asked["client_id"], asked["redirect_uri"], asked["code_challenge"]
        )
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def refuse(self, address: str) -> str:
        """Open the page and say no."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        no = {"error": "access_denied", "error_description": "user cancelled authorization"}
        return f"{asked['redirect_uri']}?{urlencode({**no, 'state': asked['state']})}"

    def __call__(self, asked: Asked) -> Reply:
        match asked.method, asked.path:
            case "POST", "/api/token":
                return self._token(asked)
            case "GET", "/api/account":
                return self._account(asked)
            case "DELETE", "/api/token":
                return self._give_back(asked)
        return _answer({"error": "Not found"}, 404)

    def _token(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body).items()}
        # A code is good for one try, and only for who began with the verifier.
        agreed = self._codes.pop(form.get("code", ""), None)
        wanted = Agreed(form["client_id"], form["redirect_uri"], _challenge(form["code_verifier"]))
        if form["grant_type"] != "authorization_code" or agreed != wanted:
            return _answer({"error": "invalid_grant", "error_description": "hash of code"}, 400)
        token = f"lio_token{self._given}"
        self.tokens.append(token)
        return _answer({"token_type": "Bearer", "access_token": token, "expires_in": 31_536_000})

    def _account(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _answer({"error": "No such token"}, 401)
        return _answer({"id": self.name.lower(), "username": self.name, "perfs": {}, "count": {}})

    def _give_back(self, asked: Asked) -> Reply:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return _answer({"error": "No such token"}, 401)
        self.tokens.remove(token)
        return Reply(204, ending=Ending.LENGTH)


def _answer(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), _JSON, Ending.LENGTH)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
