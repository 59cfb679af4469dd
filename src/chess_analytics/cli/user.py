"""``chess-analytics user``: who has an account; for the operator, who has the database in hand."""

import json
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from chess_analytics.actions.add_user import add_user
from chess_analytics.actions.appoint_administrator import appoint_administrator
from chess_analytics.actions.change_password import reset_password
from chess_analytics.actions.forget_user import forget_user
from chess_analytics.actions.issue_token import issue_token
from chess_analytics.actions.keys import TOKEN_PREFIX, key_hash
from chess_analytics.actions.passwords import argon2_passwords
from chess_analytics.actions.recognise import Scope
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.actions.user_names import check_name
from chess_analytics.cli.overrides import read_settings
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, open_library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.places import give_places
from chess_analytics.store.accounts import AccountSize, accounts_after
from chess_analytics.store.session import open_store
from chess_analytics.store.tokens import NewToken

app = typer.Typer(help="Users: add, list, promote and remove them.", no_args_is_help=True)

_USERS_A_PAGE = 500
_KEY_BYTES = 32
_DAY_MS = 24 * 60 * 60_000

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="By which name they log in.")]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read the password from standard input, a line; do not ask."
    ),
]


class TerminalNeeded(ChessAnalyticsError):
    """There is nobody to ask."""


@app.command()
def add(
    name: NameArgument,
    *,
    admin: Annotated[
        bool, typer.Option("--admin", help="An administrator, as the first user is anyway.")
    ] = False,
    password_stdin: PasswordOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Add a user; works also where nobody can sign up."""
    check_name(name)
    password = _read_password(from_stdin=password_stdin)
    settings = read_settings(data_dir=data_dir)
    with open_store(settings.data_dir, settings.database) as store:
        added = add_user(
            store, argon2_passwords(), name, password, is_admin=admin, now_ms=_now_ms()
        )
    role = "administrator" if added.is_admin else "user"
    STDERR.print(f"added the {role} {added.name!r}", markup=False)


@app.command("list")
def list_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object a line.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List all users, how they sign in, and how many games they keep."""
    settings = read_settings(data_dir=data_dir)
    after_id = 0
    with open_store(settings.data_dir, settings.database) as store:
        while True:
            with store.reading() as connection:
                page = accounts_after(connection, after_id, _USERS_A_PAGE)
            for size in page:
                typer.echo(_as_json(size) if as_json else _as_line(size))
            if len(page) < _USERS_A_PAGE:
                return
            after_id = page[-1].account.id


@app.command()
def password(
    name: NameArgument,
    *,
    password_stdin: PasswordOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Give a user another password, and sign them out everywhere."""
    new = _read_password(from_stdin=password_stdin)
    with open_library(name, data_dir) as library:
        reset_password(library.store, argon2_passwords(), library.owner, new)
    STDERR.print(f"{name!r} has a new password, and is signed out everywhere", markup=False)


@app.command()
def admin(
    name: NameArgument,
    *,
    off: Annotated[bool, typer.Option("--off", help="An administrator no more.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Make a user an administrator, who can see and remove the other users."""
    with open_library(name, data_dir) as library, library.store.writing() as connection:
        appoint_administrator(connection, library.owner.id, is_admin=not off)
    STDERR.print(f"{name!r} is {'no administrator now' if off else 'an administrator'}")


@app.command()
def remove(
    name: NameArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Remove a user with everything that is theirs: games, analyses, imports, tokens."""
    if not yes:
        _check_terminal(f"removing {name!r} cannot be undone; give --yes to do it")
        typer.confirm(f"Remove {name!r} with all their games?", abort=True, err=True)
    settings = read_settings(data_dir=data_dir)
    with open_library(name, data_dir) as library:
        forget_user(library.store, library.owner.id, uploads_folder(settings.data_dir))
        # A job of theirs may have had one.
        give_places(library.store, settings.job_places, lambda _: _now_ms())
    STDERR.print(f"removed {name!r} and everything that was theirs", markup=False)


@app.command()
def token(
    name: NameArgument,
    *,
    scope: Annotated[
        list[Scope], typer.Option(help="What it may do. May be repeated.", show_default=False)
    ],
    label: Annotated[
        str, typer.Option(metavar="TEXT", help="What it is for.")
    ] = "made on the command line",
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, metavar="N", help="Ends after so many days.")
    ] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Make an API token with which a program acts for a user; it is printed this once."""
    now_ms = _now_ms()
    key = f"{TOKEN_PREFIX}{secrets.token_urlsafe(_KEY_BYTES)}"
    expires_ms = now_ms + days * _DAY_MS if days else None
    wish = NewToken(label, key_hash(key), frozenset(scope), expires_ms)
    with open_library(name, data_dir) as library, library.store.writing() as connection:
        issue_token(connection, library.owner.id, wish, now_ms=now_ms)
    typer.echo(key)
    STDERR.print("keep it: nobody can show it again", markup=False)


def _read_password(*, from_stdin: bool) -> str:
    """Read a password from a pipe, or ask for it twice on the terminal without showing it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    _check_terminal("there is no terminal to ask for the password; give --password-stdin")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _check_terminal(message: str) -> None:
    if not sys.stdin.isatty():
        raise TerminalNeeded(message)


def _as_json(size: AccountSize) -> str:
    account = size.account
    user = {
        "id": account.id,
        "name": account.name,
        "is_admin": account.is_admin,
        "created_ms": account.created_ms,
        "has_password": account.password_hash is not None,
        "lichess_id": account.lichess_id,
        "games": size.games,
    }
    return json.dumps(user)


def _as_line(size: AccountSize) -> str:
    account = size.account
    day = datetime.fromtimestamp(account.created_ms / 1000, UTC).date().isoformat()
    ways = [
        *(["password"] if account.password_hash else []),
        *([f"lichess:{account.lichess_id}"] if account.lichess_id else []),
    ]
    role = "administrator" if account.is_admin else "user"
    return (
        f"{account.name:30}  {role:13}  since {day}  {size.games:>8} games  "
        f"{' and '.join(ways) or 'local'}"
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
