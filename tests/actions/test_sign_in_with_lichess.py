"""Signing in with Lichess: who comes back is who went there, and gets their own account."""

from dataclasses import dataclass, field

import pytest

from chess_analytics.actions.account_errors import (
    LichessAccountTaken,
    LichessSignInLost,
    OnlyWayIn,
    SignUpClosed,
    TooManyAttempts,
)
from chess_analytics.actions.recognise import Who, recognise_session
from chess_analytics.actions.sign_in_with_lichess import (
    SIGN_IN_LIFE_MS,
    Return,
    begin_lichess_sign_in,
    finish_lichess_sign_in,
    unlink_lichess,
)
from chess_analytics.sources.http import SourceUnreachable
from chess_analytics.sources.lichess_sign_in import LichessPlayer
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store
from tests.accounts import MINUTE_MS, NOW_MS, all_at_once, signed_up, visit

LEE = LichessPlayer("lee", "Lee")


@dataclass
class FakeLichess:
    """Says that it is always the same player who comes, and remembers what it was asked."""

    player: LichessPlayer = LEE
    asked: list[tuple[str, str]] = field(default_factory=list)

    def identify(self, code: str, verifier: str) -> LichessPlayer:
        self.asked.append((code, verifier))
        return self.player


class AwayLichess:
    def identify(self, code: str, verifier: str) -> LichessPlayer:  # noqa: ARG002
        raise SourceUnreachable("Lichess does not answer")


def back(state: str = "state", *, kept: str | None = "state", code: str | None = "code") -> Return:
    return Return(state, kept, code, None)


def begin(store: Store, who: Who | None = None, now_ms: int = NOW_MS) -> None:
    come = visit(now_ms=now_ms)
    begin_lichess_sign_in(store, come, who, state="state", verifier="verifier")


def finish(
    store: Store,
    player: LichessPlayer = LEE,
    *,
    key: str = "new key",
    who: Who | None = None,
    is_open: bool = True,
    now_ms: int = NOW_MS,
) -> Account:
    return finish_lichess_sign_in(
        store, FakeLichess(player), back(), visit(key, now_ms=now_ms), who, is_open=is_open
    )


def sign_in(store: Store, player: LichessPlayer = LEE, *, who: Who | None = None) -> Account:
    begin(store, who)
    return finish(store, player, who=who)


def who_is(store: Store, name: str) -> Who:
    who = who_holds(store, f"{name}'s key")
    assert who is not None
    return who


def who_holds(store: Store, key: str) -> Who | None:
    with store.reading() as connection:
        return recognise_session(connection, key, now_ms=NOW_MS)


def lichess_of(store: Store, user_id: int) -> str | None:
    with store.reading() as connection:
        account = accounts.find_account(connection, user_id)
    assert account is not None
    return account.lichess_id


def test_who_is_new_gets_an_account_without_a_password_and_a_session(store: Store) -> None:
    signed_up(store)
    account = sign_in(store)
    assert (account.name, account.lichess_id, account.password_hash) == ("Lee", "lee", None)
    assert not account.is_admin
    who = who_holds(store, "new key")
    assert who is not None
    assert who.user_id == account.id


def test_who_was_here_before_gets_the_same_account(store: Store) -> None:
    first = sign_in(store)
    again = sign_in_again(store)
    assert again == first


def sign_in_again(store: Store) -> Account:
    begin(store)
    return finish(store, LichessPlayer("lee", "LeeRenamed"), key="third key")


def test_the_verifier_goes_with_the_code(store: Store) -> None:
    lichess = FakeLichess()
    begin(store)
    finish_lichess_sign_in(store, lichess, back(), visit(), None, is_open=True)
    assert lichess.asked == [("code", "verifier")]


def test_the_first_user_can_come_by_lichess_and_is_the_administrator(store: Store) -> None:
    begin(store)
    assert finish(store, is_open=False).is_admin


def test_where_sign_up_is_closed_only_who_has_an_account_comes_in(store: Store) -> None:
    signed_up(store)
    begin(store)
    with pytest.raises(SignUpClosed):
        finish(store, is_open=False)
    assert who_holds(store, "new key") is None
    with store.writing() as connection:
        accounts.set_lichess_id(connection, who_is(store, "ada").user_id, "lee")
    begin(store)
    assert finish(store, is_open=False).name == "ada"


@pytest.mark.parametrize(
    ("taken", "lichess_name", "given"),
    [
        (["lee"], "Lee", "Lee-2"),
        (["lee", "lee-2", "LEE-3"], "Lee", "Lee-4"),
        (["a" * 30], "a" * 30, "a" * 28 + "-2"),
        (["ada"], "local", "local-2"),
        (["ada"], "_lee_", "u_lee_"),
        (["ada"], "-" * 30, "u" + "-" * 29),
    ],
)
def test_a_name_that_cannot_be_had_becomes_one_like_it(
    store: Store, taken: list[str], lichess_name: str, given: str
) -> None:
    for name in taken:
        signed_up(store, name)
    player = LichessPlayer(lichess_name.lower(), lichess_name)
    assert sign_in(store, player).name == given


def test_who_is_signed_in_links_their_account(store: Store) -> None:
    ada = signed_up(store)
    linked = sign_in(store, who=who_is(store, "ada"))
    assert linked.id == ada.id
    assert lichess_of(store, ada.id) == "lee"
    begin(store)
    assert finish(store, key="by lichess").id == ada.id


def test_who_has_linked_it_already_signs_in_anew(store: Store) -> None:
    signed_up(store)
    ada = who_is(store, "ada")
    sign_in(store, who=ada)
    begin(store, ada)
    finish(store, key="fresh", who=ada)
    assert who_holds(store, "fresh") is not None


def test_nobody_links_what_is_another_users(store: Store) -> None:
    lee = sign_in(store)
    signed_up(store)
    ada = who_is(store, "ada")
    begin(store, ada)
    with pytest.raises(LichessAccountTaken, match="another user"):
        finish(store, key="third key", who=ada)
    assert lichess_of(store, ada.user_id) is None
    assert lichess_of(store, lee.id) == "lee"


def test_a_second_lichess_account_does_not_replace_the_first(store: Store) -> None:
    signed_up(store)
    ada = who_is(store, "ada")
    sign_in(store, who=ada)
    begin(store, ada)
    with pytest.raises(LichessAccountTaken, match="unlink it"):
        finish(store, LichessPlayer("other", "Other"), key="third key", who=ada)
    assert lichess_of(store, ada.user_id) == "lee"


def test_who_was_at_lichess_for_too_long_begins_again(store: Store) -> None:
    begin(store)
    with pytest.raises(LichessSignInLost, match="took too long"):
        finish(store, now_ms=NOW_MS + SIGN_IN_LIFE_MS)


def test_a_sign_in_comes_back_once(store: Store) -> None:
    sign_in(store)
    with pytest.raises(LichessSignInLost, match="used before"):
        finish(store, key="third key")


def test_of_many_who_bring_back_the_same_one_gets_in(store: Store) -> None:
    begin(store)

    def come() -> Account:
        return finish_lichess_sign_in(store, FakeLichess(), back(), visit(), None, is_open=True)

    outcomes = all_at_once([come] * 5)
    assert sum(isinstance(outcome, Account) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, LichessSignInLost) for outcome in outcomes) == 4


def test_of_one_player_who_signs_up_twice_at_once_one_account_is_made(store: Store) -> None:
    for state in "ab":
        begin_lichess_sign_in(store, visit(), None, state=state, verifier="v")

    def come(state: str) -> Account:
        return finish_lichess_sign_in(
            store, FakeLichess(), back(state, kept=state), visit(), None, is_open=True
        )

    first, second = all_at_once([lambda: come("a"), lambda: come("b")])
    assert isinstance(first, Account)
    assert isinstance(second, Account)
    assert first.id == second.id


@pytest.mark.parametrize("kept", [None, "", "another state"])
def test_only_the_browser_that_we_sent_there_can_come_back(store: Store, kept: str | None) -> None:
    begin(store)
    lichess = FakeLichess()
    with pytest.raises(LichessSignInLost):
        finish_lichess_sign_in(store, lichess, back(kept=kept), visit(), None, is_open=True)
    assert lichess.asked == []
    # Whoever tried that has not spoiled it for the right one.
    assert finish(store).name == "Lee"


def test_a_state_that_we_never_gave_opens_nothing(store: Store) -> None:
    for state in ("", "made up"):
        with pytest.raises(LichessSignInLost):
            finish_lichess_sign_in(
                store, FakeLichess(), back(state, kept=state), visit(), None, is_open=True
            )


def test_what_one_user_began_no_other_ends(store: Store) -> None:
    signed_up(store)
    signed_up(store, "bob")
    for other in (who_is(store, "bob"), None):
        begin(store, who_is(store, "ada"))
        with pytest.raises(LichessSignInLost):
            finish(store, who=other)
    assert lichess_of(store, who_is(store, "ada").user_id) is None
    assert lichess_of(store, who_is(store, "bob").user_id) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Return("state", "state", None, "access_denied"), r"Lichess says no \(access_denied\)"),
        (Return("state", "state", "code", "x\n\0y" * 200), r"\(xyxy"),
        (Return("state", "state", None, None), "without a reason"),
        (Return("state", "state", "", None), "without a reason"),
    ],
    ids=["refused", "nonsense", "nothing", "empty code"],
)
def test_a_no_of_lichess_is_told(store: Store, answer: Return, words: str) -> None:
    begin(store)
    with pytest.raises(LichessSignInLost, match=words) as lost:
        finish_lichess_sign_in(store, FakeLichess(), answer, visit("k"), None, is_open=True)
    assert len(str(lost.value)) < 300
    assert who_holds(store, "k") is None


def test_where_lichess_is_away_nobody_comes_in(store: Store) -> None:
    begin(store)
    with pytest.raises(SourceUnreachable):
        finish_lichess_sign_in(store, AwayLichess(), back(), visit("k"), None, is_open=True)
    assert who_holds(store, "k") is None
    with store.reading() as connection:
        assert not accounts.anybody_can_sign_in(connection)


def test_one_address_cannot_go_to_lichess_without_end(store: Store) -> None:
    for number in range(30):
        begin_lichess_sign_in(store, visit(), None, state=f"{number}", verifier="v")
    with pytest.raises(TooManyAttempts, match="with Lichess"):
        begin(store)
    begin(store, now_ms=NOW_MS + 15 * MINUTE_MS)


def test_who_has_a_password_can_unlink_lichess(store: Store) -> None:
    ada = signed_up(store)
    sign_in(store, who=who_is(store, "ada"))
    with store.writing() as connection:
        unlink_lichess(connection, ada.id)
    assert lichess_of(store, ada.id) is None


def test_nobody_unlinks_their_only_way_in(store: Store) -> None:
    lee = sign_in(store)
    with pytest.raises(OnlyWayIn, match="set a password first"), store.writing() as connection:
        unlink_lichess(connection, lee.id)
    assert lichess_of(store, lee.id) == "lee"
