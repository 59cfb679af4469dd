"""Signals: the first drains, the second halts, and who listened before hears what it should."""

import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from chess_analytics.jobs.stop_signals import stopped_by_signals

LONG_ENOUGH_S = 60


class Listener:
    """Stands where workers would, and where the web server listens."""

    def __init__(self) -> None:
        self.drained = threading.Event()
        self.halted = threading.Event()
        self.heard: list[int] = []

    def drain(self) -> None:
        self.drained.set()

    def halt(self) -> None:
        self.halted.set()

    def hear(self, number: int, _frame: FrameType | None) -> None:
        self.heard.append(number)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, listener.hear)
    yield listener
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_drains_and_the_second_halts(
    listener: Listener, number: signal.Signals
) -> None:
    with stopped_by_signals(listener, pass_on=False):
        signal.raise_signal(number)
        assert listener.drained.wait(LONG_ENOUGH_S)
        assert not listener.halted.is_set()
        signal.raise_signal(number)
        assert listener.halted.wait(LONG_ENOUGH_S)
    assert listener.heard == []


def test_all_who_work_are_drained_and_halted(listener: Listener) -> None:
    other = Listener()
    with stopped_by_signals(listener, other, pass_on=False):
        signal.raise_signal(signal.SIGTERM)
        assert other.drained.wait(LONG_ENOUGH_S)
        assert not other.halted.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert other.halted.wait(LONG_ENOUGH_S)
    assert listener.halted.is_set()


def test_the_web_server_hears_the_first_signal_and_the_third(listener: Listener) -> None:
    with stopped_by_signals(listener, pass_on=True):
        signal.raise_signal(signal.SIGTERM)
        assert listener.heard == [signal.SIGTERM]
        signal.raise_signal(signal.SIGINT)
        assert listener.heard == [signal.SIGTERM]
        signal.raise_signal(signal.SIGINT)
        assert listener.heard == [signal.SIGTERM, signal.SIGINT]


def test_afterwards_who_listened_before_listens_again(listener: Listener) -> None:
    with stopped_by_signals(listener, pass_on=False):
        pass
    signal.raise_signal(signal.SIGTERM)
    assert listener.heard == [signal.SIGTERM]
    assert not listener.drained.is_set()


def test_in_another_thread_signals_are_left_alone(listener: Listener) -> None:
    def elsewhere() -> None:
        with stopped_by_signals(listener, pass_on=True):
            pass

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(LONG_ENOUGH_S)
    signal.raise_signal(signal.SIGINT)
    assert listener.heard == [signal.SIGINT]
