"""The children of a worker hear that it stops."""

import os

from chess_analytics.jobs.fleet.notice import Notice


def test_what_the_parent_says_after_a_child_was_made_the_child_hears() -> None:
    notice = Notice()
    heard, saying = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(heard, 1)
        left_s = notice.left_s()
        os._exit(0 if left_s is not None and 50 < left_s <= 60 else 1)
    notice.give(60)
    os.write(saying, b".")
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_first_word_counts() -> None:
    notice = Notice()
    assert not notice.is_given
    assert notice.left_s() is None
    notice.give(-5)
    notice.give(100)
    assert notice.is_given
    assert (notice.left_s() or 0) < 0
