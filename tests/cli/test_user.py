"""``user``: the operator adds, lists, promotes and removes users."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chess_analytics.actions.log_in import log_in
from chess_analytics.actions.passwords import argon2_passwords
from chess_analytics.actions.recognise import Scope, recognise_session, recognise_token
from chess_analytics.actions.sign_up import Credentials
from chess_analytics.cli.main import build_app
from chess_analytics.store.accounts import NewAccount, add_account
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_rows import JobState
from chess_analytics.store.jobs import jobs_before
from tests.accounts import DAY_MS, NOW_MS, PASSWORD, signed_up, visit
from tests.cli.commands import Home
from tests.cli.libraries import Desk
from tests.store.stored_jobs import add_job

NEW_PASSWORD = "another good password"  # noqa: S105 - of nobody


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    return Desk(home, database_url)


def user(desk: Desk, *words: str, feed: str = "") -> Result:
    """Run the command in this process: each start of another one costs a second."""
    runner = CliRunner(env={**desk.home.environment, **desk.settings})
    return runner.invoke(build_app(), ["user", *words], input=feed)


def listed(desk: Desk) -> list[dict[str, object]]:
    ended = user(desk, "list", "--json")
    assert ended.exit_code == 0
    return [json.loads(line) for line in ended.stdout.splitlines()]


def can_log_in(desk: Desk, name: str, password: str) -> bool:
    with desk.library() as store:
        try:
            log_in(store, argon2_passwords(), Credentials(name, password), visit())
        except Exception:  # noqa: BLE001 - any reason will do
            return False
        return True


def test_a_user_is_added_with_a_password_from_a_pipe(desk: Desk) -> None:
    words = ("user", "add", "Ada", "--password-stdin")
    ended = desk.home.run(*words, feed=f"{PASSWORD}\n", settings=desk.settings)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "added the administrator 'Ada'\n"
    assert can_log_in(desk, "ada", PASSWORD)


def test_the_first_is_the_administrator_and_others_as_the_operator_says(desk: Desk) -> None:
    for words in (["ada"], ["bob"], ["eve", "--admin"]):
        ended = user(desk, "add", *words, "--password-stdin", feed=PASSWORD)
        assert ended.exit_code == 0, ended.output
    assert [(row["name"], row["is_admin"]) for row in listed(desk)] == [
        ("ada", True),
        ("bob", False),
        ("eve", True),
    ]


def test_users_are_listed_a_line_each(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store)
        with store.writing() as connection:
            add_account(connection, NewAccount("lee", lichess_id="lee_l"), now_ms=NOW_MS)
            add_account(connection, NewAccount("local"), now_ms=NOW_MS + DAY_MS)
    ended = user(desk, "list")
    assert ended.exit_code == 0
    assert [line.split() for line in ended.stdout.splitlines()] == [
        ["ada", "administrator", "since", "2023-11-14", "0", "games", "password"],
        ["lee", "user", "since", "2023-11-14", "0", "games", "lichess:lee_l"],
        ["local", "user", "since", "2023-11-15", "0", "games", "local"],
    ]
    assert listed(desk)[0] == {
        "id": 1,
        "name": "ada",
        "is_admin": True,
        "created_ms": NOW_MS,
        "has_password": True,
        "lichess_id": None,
        "games": 0,
    }


def test_a_password_is_set_anew_and_signs_the_user_out(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store)
    ended = user(desk, "password", "ada", "--password-stdin", feed=f"{NEW_PASSWORD}\r\n")
    assert ended.exit_code == 0, ended.output
    with desk.library() as store, store.reading() as connection:
        assert recognise_session(connection, "ada's key", now_ms=NOW_MS) is None
    assert can_log_in(desk, "ada", NEW_PASSWORD)
    assert not can_log_in(desk, "ada", PASSWORD)


def test_a_token_is_printed_once_and_acts_for_the_user(desk: Desk) -> None:
    with desk.library() as store:
        ada = signed_up(store)
    ended = user(desk, "token", "ada", "--scope", "read", "--days", "7", "--label", "backup")
    assert ended.exit_code == 0, ended.output
    key = ended.stdout.strip()
    assert key.startswith("cap_")
    with desk.library() as store, store.reading() as connection:
        who = recognise_token(connection, key, now_ms=NOW_MS)
        later = recognise_token(connection, key, now_ms=2**52)
    assert who is not None
    assert (who.user_id, who.scopes) == (ada.id, frozenset({Scope.READ}))
    assert later is None


def test_an_administrator_is_made_and_unmade(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store)
        signed_up(store, "bob")
    assert user(desk, "admin", "bob").exit_code == 0
    assert user(desk, "admin", "ada", "--off").exit_code == 0
    assert [row["is_admin"] for row in listed(desk)] == [False, True]
    refused = desk.run("user", "admin", "bob", "--off")
    assert refused.code == 1
    assert "'bob' is the only administrator" in refused.err


def test_a_user_is_removed_without_a_question_only_if_told_so(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store)
        signed_up(store, "bob")
    refused = desk.run("user", "remove", "bob")
    assert refused.code == 1
    assert refused.err == (
        "chess-analytics: removing 'bob' cannot be undone; give --yes to do it\n"
    )
    assert user(desk, "remove", "BOB", "--yes").exit_code == 0
    assert [row["name"] for row in listed(desk)] == ["ada"]


def test_the_place_of_a_removed_user_is_the_next_ones_at_once(desk: Desk) -> None:
    limits = JobLimits(places=1, line=True)
    with desk.library() as store:
        signed_up(store)
        with store.writing() as connection:
            add_job(connection, "bob", limits=limits)
            waiting = add_job(connection, "cid", limits=limits)
    assert waiting.state is JobState.WAITING
    assert user(desk, "remove", "bob", "--yes").exit_code == 0
    with desk.library() as store, store.reading() as connection:
        (job,) = jobs_before(connection, waiting.user_id, None, 10)
    # Nobody sweeps here.
    assert job.state is JobState.PENDING


REFUSED = {
    ("add", "x", "--password-stdin"): "2 to 30 letters",
    ("add", "local", "--password-stdin"): "kept for the user of a local installation",
    ("add", "ADA", "--password-stdin"): "is taken",
    ("password", "nobody", "--password-stdin"): "there is no user 'nobody'",
    ("token", "nobody", "--scope", "read"): "there is no user 'nobody'",
    ("token", "ada", "--scope", "read", "--label", ""): "1 to 60 printable",
    ("admin", "nobody"): "there is no user 'nobody'",
    ("remove", "nobody", "--yes"): "there is no user 'nobody'",
    ("add", "bob"): "give --password-stdin",
    ("password", "ada"): "give --password-stdin",
}


def test_what_cannot_be_done_is_told(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store)
    for words, why in REFUSED.items():
        ended = user(desk, *words, feed=f"{PASSWORD}\n")
        assert ended.exit_code == 1, words
        assert why in str(ended.exception), words
    easy = user(desk, "add", "bob", "--password-stdin", feed="1234567890\n")
    assert "tried first" in str(easy.exception)
    assert [row["name"] for row in listed(desk)] == ["ada"]


@pytest.mark.parametrize(
    "words",
    [[], ["add"], ["token", "ada"], ["token", "ada", "--scope", "all"],
     ["token", "ada", "--scope", "read", "--days", "0"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_words_are_misuse(words: list[str]) -> None:
    assert CliRunner().invoke(build_app(), ["user", *words]).exit_code == 2


def on_a_terminal(home: Home, *words: str, typed: str) -> tuple[int, str]:
    """Run the command on a terminal of its own; give the exit code and what the screen shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "chess_analytics", *words]
    with subprocess.Popen(
        command, env=home.environment, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        screen = b""
        for line in typed.splitlines():
            # The blank comes once the terminal shows no more what is typed.
            while not screen.endswith(b": "):
                screen += os.read(ours, 1024)
            os.write(ours, line.encode() + b"\n")
            screen += b"|"
        # A terminal whose program has ended fails to be read, on Linux.
        while process.poll() is None:
            try:
                screen += os.read(ours, 1024)
            except OSError:
                break
        process.wait(60)
    os.close(ours)
    return process.returncode, screen.decode()


@pytest.fixture
def here(home: Home) -> Desk:
    return Desk(home, None)


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(here: Desk) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    code, screen = on_a_terminal(here.home, "user", "add", "ada", typed=typed)
    assert (code, "added the administrator 'ada'" in screen) == (0, True)
    assert "horse" not in screen
    assert can_log_in(here, "ada", PASSWORD)


def test_on_a_terminal_a_no_keeps_the_user(here: Desk) -> None:
    with here.library() as store:
        signed_up(store)
    code, screen = on_a_terminal(here.home, "user", "remove", "ada", typed="n\n")
    assert (code, "Remove 'ada' with all their games?" in screen) == (1, True)
    assert len(listed(here)) == 1


def test_a_library_that_a_server_uses_is_told_so(here: Desk, tmp_path: Path) -> None:
    assert here.home.folder == tmp_path
    with here.library():
        ended = here.run("user", "list")
    assert ended.code == 1
    assert "another chess-analytics is using the data folder" in ended.err
