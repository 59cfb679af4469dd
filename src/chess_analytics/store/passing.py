"""Which failures of a database may pass by themselves: a restart, a full disk, somebody's lock."""

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Asking again would give the same answer.
_LASTING = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


def may_pass(error: BaseException) -> bool:
    """Tell whether the same transaction may succeed in a moment."""
    if isinstance(error, _LASTING):
        return False
    return isinstance(error, DatabaseError | InterfaceError | PoolTimeout)


def is_contradiction(error: BaseException) -> bool:
    """Tell whether what was to be stored refers to something that is gone, or is there already."""
    return isinstance(error, IntegrityError)
