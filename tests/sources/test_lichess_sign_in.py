"""What is asked of Lichess when somebody signs in there, and what is made of its answers."""

import itertools
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from chess_analytics.sources.http import SourceError, SourceRefused, SourceUnreachable
from chess_analytics.sources.lichess_sign_in import CodeRefused, LichessClient, LichessPlayer
from tests.ports import free_port
from tests.sources.lichess_accounts import LichessAccounts
from tests.sources.replay import (
    Ending,
    Fault,
    Replay,
    Reply,
    cut,
    dripping,
    fine,
    packed,
    refused,
    serving,
    silent,
)

BACK = "https://chess.example/api/v1/sign-in/lichess/callback"
# With its challenge the example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
LEE = LichessPlayer("lee", "Lee")


@pytest.fixture
def accounts() -> LichessAccounts:
    return LichessAccounts("Lee")


@pytest.fixture
def lichess(accounts: LichessAccounts, socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    with serving(accounts) as replay:
        yield replay


def client(lichess: Replay, **about: float) -> LichessClient:
    return LichessClient(lichess.base, "chess.example", BACK, **about)  # type: ignore[arg-type]


def code_for(accounts: LichessAccounts, lichess: LichessClient) -> str:
    back = accounts.agree(lichess.address("a state", VERIFIER))
    return parse_qs(urlsplit(back).query)["code"][0]


def identify(
    lichess: Replay, accounts: LichessAccounts, *faults: Fault, **about: float
) -> LichessPlayer:
    """Sign in; the faults are those of the token, of the account, and of giving the token back."""
    ours = client(lichess, **about)
    code = code_for(accounts, ours)
    lichess.faults.extend(faults)
    return ours.identify(code, VERIFIER)


def body(value: object) -> Fault:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda _reply: Reply(200, text)


def test_the_page_at_lichess_is_asked_for_a_name_and_for_no_permission(lichess: Replay) -> None:
    address = urlsplit(client(lichess).address("a state", VERIFIER))
    assert address.geturl().startswith(f"{lichess.base}/oauth?")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["chess.example"],
        "redirect_uri": [BACK],
        "code_challenge_method": ["S256"],
        "code_challenge": [CHALLENGE],
        "state": ["a state"],
    }


def test_who_comes_back_is_asked_for_and_the_token_is_given_back(
    lichess: Replay, accounts: LichessAccounts
) -> None:
    assert identify(lichess, accounts) == LEE
    assert [(asked.method, asked.target) for asked in lichess.asked] == [
        ("POST", "/api/token"),
        ("GET", "/api/account"),
        ("DELETE", "/api/token"),
    ]
    assert parse_qs(lichess.asked[0].body) == {
        "grant_type": ["authorization_code"],
        "code": ["liu_code1"],
        "code_verifier": [VERIFIER],
        "redirect_uri": [BACK],
        "client_id": ["chess.example"],
    }
    assert accounts.tokens == []


def test_a_code_is_good_once(lichess: Replay, accounts: LichessAccounts) -> None:
    ours = client(lichess)
    code = code_for(accounts, ours)
    assert ours.identify(code, VERIFIER) == LEE
    with pytest.raises(CodeRefused, match="used before; sign in again"):
        ours.identify(code, VERIFIER)


def test_a_code_is_good_only_for_who_has_the_verifier(
    lichess: Replay, accounts: LichessAccounts
) -> None:
    ours = client(lichess)
    code = code_for(accounts, ours)
    with pytest.raises(CodeRefused):
        ours.identify(code, "w" * 43)
    assert accounts.tokens == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused(500), SourceUnreachable),
        (refused(503), SourceUnreachable),
        (refused(429), SourceUnreachable),
        (cut(-1), SourceUnreachable),
        (cut(10, Ending.LENGTH), SourceUnreachable),
        (refused(302, Location="https://evil.example/api/token"), CodeRefused),
        (refused(403), CodeRefused),
        (body(b"<html>please log in</html>"), SourceRefused),
        (body(b""), SourceRefused),
        (body({}), SourceRefused),
        (body({"access_token": None}), SourceRefused),
        (body({"access_token": "a\r\nCookie: b"}), SourceRefused),
        (body({"access_token": "x" * 5000}), SourceRefused),
        (packed, SourceRefused),
    ],
    ids=["500", "503", "429", "closed", "cut", "elsewhere", "403", "html", "empty", "no token",
         "null token", "bad token", "long token", "packed"],
)  # fmt: skip
def test_where_no_token_comes_it_is_told_why(
    lichess: Replay, accounts: LichessAccounts, fault: Fault, error: type[SourceError]
) -> None:
    with pytest.raises(SourceError) as told:
        identify(lichess, accounts, fault)
    assert type(told.value) is error
    assert len(lichess.asked) == 1


def test_an_answer_without_end_is_not_read(lichess: Replay, accounts: LichessAccounts) -> None:
    with pytest.raises(SourceRefused, match="more than anybody would"):
        identify(lichess, accounts, body(b" " * 70_000))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused(500), SourceUnreachable),
        (cut(-1), SourceUnreachable),
        (refused(401), SourceRefused),
        (body({"id": "lee"}), SourceRefused),
        (body({"id": "Le e", "username": "Lee"}), SourceRefused),
        (body({"id": "lee", "username": "<script>"}), SourceRefused),
        (body({"id": "l" * 41, "username": "Lee"}), SourceRefused),
    ],
    ids=["500", "closed", "401", "no name", "bad id", "bad name", "long id"],
)
def test_where_no_name_comes_the_token_is_given_back_all_the_same(
    lichess: Replay, accounts: LichessAccounts, fault: Fault, error: type[SourceError]
) -> None:
    with pytest.raises(SourceError) as told:
        identify(lichess, accounts, fine, fault)
    assert type(told.value) is error
    assert accounts.tokens == []
    assert "lio_token" not in "".join(map(str, chain(told.value)))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("fault", [refused(500), cut(-1)], ids=["500", "closed"])
def test_that_a_token_cannot_be_given_back_is_nobodys_problem(
    lichess: Replay, accounts: LichessAccounts, fault: Fault
) -> None:
    assert identify(lichess, accounts, fine, fine, fault) == LEE


def test_a_silent_lichess_is_not_waited_for(lichess: Replay, accounts: LichessAccounts) -> None:
    with pytest.raises(SourceUnreachable, match="try again in a few minutes"):
        identify(lichess, accounts, silent(5), patience_s=0.3)


def test_a_lichess_that_drips_is_not_waited_for(lichess: Replay, accounts: LichessAccounts) -> None:
    # By this clock too long passes until somebody looks again: at the first piece of the answer,
    # however many pieces a busy machine makes of it.
    seconds = itertools.count(step=10)
    ours = LichessClient(
        lichess.base, "chess.example", BACK, patience_s=5, clock_s=lambda: float(next(seconds))
    )
    code = code_for(accounts, ours)
    lichess.faults.append(dripping(0.001))
    with pytest.raises(SourceUnreachable, match="too slow"):
        ours.identify(code, VERIFIER)


@pytest.mark.enable_socket
def test_a_lichess_that_is_not_there_is_told() -> None:
    nowhere = LichessClient(f"http://127.0.0.1:{free_port()}", "chess.example", BACK)
    with pytest.raises(SourceUnreachable, match="ConnectError"):
        nowhere.identify("code", VERIFIER)
