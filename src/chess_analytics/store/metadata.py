"""What all tables share: how their constraints are named, their numbers, their owners."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up by itself only in a column whose type is exactly INTEGER, and gives no number
# twice only if told so (`sqlite_autoincrement`): an address must not come to mean another game.
ID = BigInteger().with_variant(Integer, "sqlite")


def of_user(*, index: bool = False, primary_key: bool = False) -> Column[int]:
    """Point to the owner; what a user owns goes when the user goes."""
    owner = ForeignKey("users.id", ondelete="CASCADE")
    return Column("user_id", ID, owner, nullable=False, index=index, primary_key=primary_key)
