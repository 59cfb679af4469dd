"""How long a thread may keep the interpreter while others wait for it."""

import sys

# A thread that has waited for the disk, the network or an engine waits so long at most until
# another one, which only calculates, lets it run. Python's own 5 ms are as long as a whole short
# game's work, and a request of the API stops for something half a dozen times.
_TURN_S = 0.0005


def take_short_turns() -> None:
    """Let all threads of this process take turns that suit work of milliseconds."""
    sys.setswitchinterval(_TURN_S)
