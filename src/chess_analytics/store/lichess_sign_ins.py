"""Sign-ins that went to Lichess and have not come back yet; each comes back once at most."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete

from chess_analytics.store.tables import lichess_sign_ins


@dataclass(frozen=True, slots=True)
class LichessSignIn:
    """What we have to remember while somebody is at Lichess."""

    verifier: str = field(repr=False)
    user_id: int | None
    created_ms: int


def add_lichess_sign_in(connection: Connection, state_hash: str, sign_in: LichessSignIn) -> None:
    connection.execute(
        lichess_sign_ins.insert().values(
            state_hash=state_hash,
            verifier=sign_in.verifier,
            user_id=sign_in.user_id,
            created_ms=sign_in.created_ms,
        )
    )


def take_lichess_sign_in(connection: Connection, state_hash: str) -> LichessSignIn | None:
    """Give what was remembered, and forget it: of two who ask for it one gets it."""
    row = connection.execute(
        delete(lichess_sign_ins)
        .where(lichess_sign_ins.c.state_hash == state_hash)
        .returning(
            lichess_sign_ins.c.verifier,
            lichess_sign_ins.c.user_id,
            lichess_sign_ins.c.created_ms,
        )
    ).one_or_none()
    return LichessSignIn(*row) if row else None


def sweep_lichess_sign_ins(connection: Connection, *, before_ms: int) -> None:
    connection.execute(delete(lichess_sign_ins).where(lichess_sign_ins.c.created_ms <= before_ms))
