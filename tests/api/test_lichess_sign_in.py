"""«Sign in with Lichess», from the click to the session, with Lichess played on this machine."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.accounts import PASSWORD
from tests.api.serving import BASE_URL, Served, serving
from tests.sources.lichess_accounts import LichessAccounts
from tests.sources.replay import Replay, cut, refused
from tests.sources.replay import serving as lichess_serving

CLIENT = "chess.example"


@pytest.fixture
def site() -> LichessAccounts:
    return LichessAccounts("Lee")


@pytest.fixture
def lichess(site: LichessAccounts, socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    with lichess_serving(site) as replay:
        yield replay


@pytest.fixture
def served(tmp_path: Path, database_url: str | None, lichess: Replay) -> Iterator[Served]:
    about = {"lichess_url": lichess.base, "lichess_client_id": CLIENT, "public_url": BASE_URL}
    with serving(tmp_path, database_url, **about) as running:
        yield running


def begin(browser: TestClient) -> str:
    """Click; give the address at Lichess."""
    answer = browser.get("sign-in/lichess")
    assert answer.status_code == 303, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


def sign_in(browser: TestClient, site: LichessAccounts) -> Response:
    return browser.get(site.agree(begin(browser)))


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert "chess_analytics_session=" not in answer.headers.get("set-cookie", "")
    return answer.status_code, answer.json()["type"]


def test_the_click_leads_to_lichess_and_nowhere_else(served: Served, lichess: Replay) -> None:
    browser = served.client()
    answer = browser.get("sign-in/lichess")
    address = urlsplit(answer.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{lichess.base}/oauth"
    asked = parse_qs(address.query)
    assert asked["client_id"] == [CLIENT]
    assert asked["redirect_uri"] == [f"{BASE_URL}/api/v1/sign-in/lichess/callback"]
    (kept,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert kept.value == asked["state"][0]
    assert len(kept.value) >= 43  # 256 bits
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "lax", "600")
    assert lichess.asked == []


def test_every_click_has_a_state_and_a_challenge_of_its_own(served: Served) -> None:
    clicks = [parse_qs(urlsplit(begin(served.client())).query) for _ in range(3)]
    assert len({click["state"][0] for click in clicks}) == 3
    assert len({click["code_challenge"][0] for click in clicks}) == 3


def test_who_comes_back_is_signed_in(served: Served, site: LichessAccounts) -> None:
    browser = served.client()
    answer = sign_in(browser, site)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE_URL}/"
    assert answer.headers["cache-control"] == "no-store"
    me = browser.get("me").json()
    # The page that shows who is signed in is there, built or not.
    page = browser.get(answer.headers["location"])
    assert page.headers["content-type"].startswith("text/html")
    assert (me["name"], me["lichess_id"], me["has_password"]) == ("Lee", "lee", False)
    assert me["is_admin"]
    assert "chess_analytics_lichess" not in browser.cookies
    assert site.tokens == []


def test_who_comes_again_has_the_same_account(served: Served, site: LichessAccounts) -> None:
    browsers = [served.client(), served.client()]
    for browser in browsers:
        assert sign_in(browser, site).status_code == 303
    first, second = (browser.get("me").json()["id"] for browser in browsers)
    assert first == second


def test_who_is_signed_in_links_their_account(
    served: Served, ada: TestClient, site: LichessAccounts
) -> None:
    before = ada.get("me").json()["id"]
    assert sign_in(ada, site).status_code == 303
    me = ada.get("me").json()
    assert (me["id"], me["name"], me["lichess_id"]) == (before, "ada", "lee")
    other = served.client()
    assert sign_in(other, site).status_code == 303
    assert other.get("me").json()["id"] == before


def test_a_linked_account_can_be_unlinked_but_not_as_the_only_way_in(
    served: Served, ada: TestClient, site: LichessAccounts
) -> None:
    sign_in(ada, site)
    assert ada.delete("me/lichess").status_code == 204
    assert ada.get("me").json()["lichess_id"] is None
    lee = served.client()
    sign_in(lee, site)
    assert problem(lee.delete("me/lichess")) == (409, "only-way-in")


def test_a_lichess_account_is_of_one_user_only(
    served: Served, ada: TestClient, site: LichessAccounts
) -> None:
    sign_in(served.client(), site)
    assert problem(sign_in(ada, site)) == (409, "lichess-account-taken")
    assert ada.get("me").json()["lichess_id"] is None


def test_a_token_links_nothing(served: Served, ada: TestClient, site: LichessAccounts) -> None:
    program = served.program(ada, "read", "write")
    address = begin(program)
    del program.headers["authorization"]
    assert program.get(site.agree(address)).status_code == 303
    assert program.get("me").json()["name"] == "Lee"
    assert ada.get("me").json()["lichess_id"] is None


def test_a_no_at_lichess_is_told(served: Served, site: LichessAccounts, lichess: Replay) -> None:
    browser = served.client()
    answer = browser.get(site.refuse(begin(browser)))
    assert problem(answer) == (400, "lichess-sign-in-lost")
    assert "access_denied" in answer.json()["detail"]
    assert lichess.asked == []
    assert browser.get("me").status_code == 401


def test_nobody_can_be_signed_in_as_somebody_else_by_a_link(
    served: Served, site: LichessAccounts, lichess: Replay
) -> None:
    attacker, victim = served.client(), served.client()
    link = site.agree(begin(attacker))
    assert problem(victim.get(link)) == (400, "lichess-sign-in-lost")
    begin(victim)
    assert problem(victim.get(link)) == (400, "lichess-sign-in-lost")
    assert victim.get("me").status_code == 401
    assert lichess.asked == []


def test_an_answer_of_lichess_is_good_once(served: Served, site: LichessAccounts) -> None:
    browser = served.client()
    address = begin(browser)
    kept = {"Cookie": f"chess_analytics_lichess={browser.cookies['chess_analytics_lichess']}"}
    back = site.agree(address)
    assert browser.get(back).status_code == 303
    assert problem(served.client().get(back, headers=kept)) == (400, "lichess-sign-in-lost")


def test_a_code_that_lichess_does_not_accept_is_told(served: Served, site: LichessAccounts) -> None:
    browser = served.client()
    back = site.agree(begin(browser)).replace("liu_code", "liu_forged")
    answer = browser.get(back)
    assert problem(answer) == (400, "lichess-sign-in-lost")
    assert "Lichess does not accept this sign-in" in answer.json()["detail"]


def test_who_takes_too_long_begins_again(served: Served, site: LichessAccounts) -> None:
    browser = served.client()
    back = site.agree(begin(browser))
    served.clock.advance(minutes=10)
    assert problem(browser.get(back)) == (400, "lichess-sign-in-lost")


def test_where_lichess_is_away_it_is_told_when_to_come_again(
    served: Served, site: LichessAccounts, lichess: Replay
) -> None:
    for fault in (refused(503), cut(-1)):
        browser = served.client()
        back = site.agree(begin(browser))
        lichess.faults.append(fault)
        answer = browser.get(back)
        assert problem(answer) == (503, "lichess-away")
        assert answer.headers["retry-after"] == "60"
        assert browser.get("me").status_code == 401


def test_what_is_not_lichess_is_told(
    served: Served, site: LichessAccounts, lichess: Replay
) -> None:
    browser = served.client()
    back = site.agree(begin(browser))
    lichess.faults.append(lambda reply: reply.__class__(200, b"<html>"))
    answer = browser.get(back)
    assert problem(answer) == (502, "lichess-not-understood")
    assert "CHESS_ANALYTICS_LICHESS_URL" in answer.json()["detail"]


def test_made_up_answers_are_refused(served: Served) -> None:
    browser = served.client()
    begin(browser)
    for query in ("", "?code=x", "?state=x&code=x", "?state=%00&code=%00", "?error=x"):
        answer = browser.get(f"sign-in/lichess/callback{query}")
        assert problem(answer) == (400, "lichess-sign-in-lost")
    assert problem(browser.get(f"sign-in/lichess/callback?state={'x' * 300}"))[0] == 422


def test_one_address_is_not_sent_there_without_end(served: Served) -> None:
    for _ in range(30):
        begin(served.client())
    answer = served.client().get("sign-in/lichess")
    assert problem(answer) == (429, "too-many-attempts")
    assert answer.headers["retry-after"] == "900"


def test_who_has_no_password_proves_themself_by_signing_in_anew(
    served: Served, site: LichessAccounts
) -> None:
    lee = served.client()
    sign_in(lee, site)
    served.clock.advance(minutes=15)
    assert problem(lee.request("DELETE", "me")) == (403, "proof-refused")
    new = {"new_password": PASSWORD}
    assert problem(lee.put("me/password", json=new)) == (403, "proof-refused")
    sign_in(lee, site)
    assert lee.put("me/password", json=new).status_code == 204
    assert lee.get("me").json()["has_password"]
    assert problem(lee.request("DELETE", "me")) == (403, "proof-refused")
    assert lee.request("DELETE", "me", json={"password": PASSWORD}).status_code == 204


def test_where_it_is_switched_off_that_is_said(tmp_path: Path, database_url: str | None) -> None:
    with serving(tmp_path, database_url) as off:
        for path in ("sign-in/lichess", "sign-in/lichess/callback?code=x&state=y"):
            answer = off.client().get(path)
            assert problem(answer) == (404, "lichess-sign-in-off")
            assert "CHESS_ANALYTICS_LICHESS_CLIENT_ID" in answer.json()["detail"]


def test_where_sign_up_is_closed_only_the_first_comes_in(
    tmp_path: Path, database_url: str | None, lichess: Replay, site: LichessAccounts
) -> None:
    about = {"lichess_url": lichess.base, "lichess_client_id": CLIENT, "public_url": BASE_URL}
    with serving(tmp_path, database_url, sign_up=False, **about) as closed:
        lee = closed.client()
        assert sign_in(lee, site).status_code == 303
        site.name = "Max"
        assert problem(sign_in(closed.client(), site)) == (403, "sign-up-closed")
        assert len(lee.get("users").json()["items"]) == 1
