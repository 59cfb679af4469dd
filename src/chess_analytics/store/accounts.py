"""Users: by which name they go, how they prove who they are, and who administers."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, delete, exists, func, or_, select, text, update

from chess_analytics.store.dialect import insert_new
from chess_analytics.store.tables import games, imports, players, users

# Any number that nothing else on the same database is likely to take.
_ACCOUNTS_LOCK = 4_738_201_956
_CAN_SIGN_IN = or_(users.c.password_hash.is_not(None), users.c.lichess_id.is_not(None))


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the database has them."""

    id: int
    name: str
    password_hash: str | None = field(repr=False)
    lichess_id: str | None
    is_admin: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A user who is about to be."""

    name: str
    password_hash: str | None = field(default=None, repr=False)
    lichess_id: str | None = None
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class AccountSize:
    """A user, and how many games they keep."""

    account: Account
    games: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much a user has in the library."""

    players: int
    imports: int
    games: int


def hold_accounts(connection: Connection) -> None:
    """Let no other transaction add, rename, promote or remove users until this one ends.

    On SQLite a transaction that writes is alone anyway. Everybody who decides by what other users
    there are (is this the first? the last administrator? is the name free?) begins with it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ACCOUNTS_LOCK})


def add_account(connection: Connection, new: NewAccount, *, now_ms: int) -> int | None:
    """Add a user and give their number; nothing where the name or the Lichess account is taken."""
    added: int | None = connection.execute(
        insert_new(connection, users)
        .values(
            name=new.name,
            name_key=name_key(new.name),
            password_hash=new.password_hash,
            lichess_id=new.lichess_id,
            is_admin=new.is_admin,
            created_ms=now_ms,
        )
        .returning(users.c.id)
    ).scalar_one_or_none()
    return added


def name_key(name: str) -> str:
    """Give what names are compared by: no two users differ in capitals only."""
    return name.lower()


def find_account(connection: Connection, user_id: int) -> Account | None:
    return _one(connection, _accounts().where(users.c.id == user_id))


def find_account_by_name(connection: Connection, name: str) -> Account | None:
    return _one(connection, _accounts().where(users.c.name_key == name_key(name)))


def find_account_by_lichess(connection: Connection, lichess_id: str) -> Account | None:
    return _one(connection, _accounts().where(users.c.lichess_id == lichess_id))


def hold_account(connection: Connection, user_id: int) -> Account | None:
    """Look a user up, and let no other transaction change them until this one ends."""
    wanted = _accounts().where(users.c.id == user_id)
    # Rows that point to the user can still be added meanwhile: an import goes on.
    return _one(connection, wanted.with_for_update(key_share=True))


def accounts_after(connection: Connection, after_id: int, limit: int) -> list[AccountSize]:
    """Give a page of all users in the order in which they came."""
    kept = select(func.count()).where(games.c.user_id == users.c.id).scalar_subquery()
    rows = connection.execute(
        _accounts()
        .add_columns(kept.label("kept"))
        .where(users.c.id > after_id)
        .order_by(users.c.id)
        .limit(limit)
    )
    return [AccountSize(Account(*row[:-1]), row.kept) for row in rows]


def anybody_can_sign_in(connection: Connection) -> bool:
    """Tell whether there is a user yet, but for the one of a local installation."""
    return connection.execute(select(exists().where(_CAN_SIGN_IN))).scalar_one()


def others_can_sign_in(connection: Connection, user_id: int) -> bool:
    """Tell whether there is anybody besides this user."""
    others = exists().where(_CAN_SIGN_IN, users.c.id != user_id)
    return connection.execute(select(others)).scalar_one()


def count_administrators(connection: Connection) -> int:
    """Count the administrators who can sign in."""
    return connection.execute(
        select(func.count()).select_from(users).where(users.c.is_admin, _CAN_SIGN_IN)
    ).scalar_one()


def holdings(connection: Connection, user_id: int) -> Holdings:
    """Count what a user has in the library."""
    players_, imports_, games_ = (
        select(func.count()).where(table.c.user_id == user_id).scalar_subquery()
        for table in (players, imports, games)
    )
    return Holdings(*connection.execute(select(players_, imports_, games_)).one())


def set_name(connection: Connection, user_id: int, name: str) -> None:
    """Give a user another name, which has to be free (see `hold_accounts`)."""
    connection.execute(
        update(users).where(users.c.id == user_id).values(name=name, name_key=name_key(name))
    )


def set_password_hash(connection: Connection, user_id: int, password_hash: str) -> None:
    connection.execute(
        update(users).where(users.c.id == user_id).values(password_hash=password_hash)
    )


def set_lichess_id(connection: Connection, user_id: int, lichess_id: str | None) -> None:
    """Link a user's account on Lichess, which has to be nobody else's, or unlink it."""
    connection.execute(update(users).where(users.c.id == user_id).values(lichess_id=lichess_id))


def set_admin(connection: Connection, user_id: int, *, is_admin: bool) -> None:
    connection.execute(update(users).where(users.c.id == user_id).values(is_admin=is_admin))


def uploads_of_user(connection: Connection, user_id: int) -> list[str]:
    """Name the files of a user that still lie in the folder of uploads."""
    wanted = select(imports.c.file).where(imports.c.user_id == user_id, imports.c.file.is_not(None))
    return list(connection.execute(wanted).scalars())


def remove_some_games(connection: Connection, user_id: int, most: int) -> int:
    """Remove so many games of a user, with all that belongs to them; give the number removed.

    As for one game (`games.delete_game`), the user is locked first.
    """
    hold_account(connection, user_id)
    some = select(games.c.id).where(games.c.user_id == user_id).limit(most)
    return connection.execute(delete(games).where(games.c.id.in_(some))).rowcount


def remove_account(connection: Connection, user_id: int) -> None:
    """Remove a user with everything that is theirs."""
    connection.execute(delete(users).where(users.c.id == user_id))


def _accounts() -> Select[tuple[int, str, str | None, str | None, bool, int]]:
    return select(
        users.c.id,
        users.c.name,
        users.c.password_hash,
        users.c.lichess_id,
        users.c.is_admin,
        users.c.created_ms,
    )


def _one(
    connection: Connection, wanted: Select[tuple[int, str, str | None, str | None, bool, int]]
) -> Account | None:
    row = connection.execute(wanted).mappings().one_or_none()
    return Account(**row) if row else None
