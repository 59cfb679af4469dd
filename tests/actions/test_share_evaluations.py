"""What games share, while many threads give and take."""

import threading
import time
from collections.abc import Callable

from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.engine.evaluation import Evaluation, Line, Score


class SlowNumber(int):
    """Makes way for other threads in the middle of an addition, where a lost update would show."""

    def __radd__(self, other: int) -> int:
        time.sleep(0.0005)
        return int(other) + int(self)


def _evaluation(cp: int = 30, nodes: int = 100) -> Evaluation:
    return Evaluation(Line(Score(cp=cp), ("e2e4",)), depth=9, nodes=nodes)


def _in_threads(count: int, work: Callable[[int], None]) -> None:
    ready = threading.Barrier(count)

    def run(number: int) -> None:
        ready.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_was_put_is_got_and_counted() -> None:
    shared = SharedEvaluations()
    assert shared.get("a") is None
    shared.put("a", _evaluation(nodes=70))
    assert shared.get("a") == _evaluation(nodes=70)
    assert shared.get("a") == _evaluation(nodes=70)
    assert shared.get("b") is None
    assert (shared.hits, shared.misses, shared.nodes_saved) == (2, 2, 140)


def test_what_is_new_is_handed_over_once() -> None:
    shared = SharedEvaluations()
    shared.put("a", _evaluation(1))
    assert shared.take_new() == {"a": _evaluation(1)}
    assert shared.take_new() == {}
    shared.put("b", _evaluation(2))
    assert shared.take_new() == {"b": _evaluation(2)}
    assert shared.get("a") == _evaluation(1)


def test_what_was_handed_over_does_not_change_any_more() -> None:
    shared = SharedEvaluations()
    shared.put("a", _evaluation())
    taken = shared.take_new()
    shared.put("b", _evaluation())
    assert taken.keys() == {"a"}


def test_what_was_known_from_before_is_got_but_not_new() -> None:
    shared = SharedEvaluations()
    shared.add_known({"a": _evaluation(1)})
    assert shared.get("a") == _evaluation(1)
    assert shared.take_new() == {}


def test_what_this_run_searched_is_not_replaced_by_what_was_known() -> None:
    shared = SharedEvaluations()
    shared.put("a", _evaluation(1))
    shared.add_known({"a": _evaluation(2), "b": _evaluation(3)})
    assert [shared.get(fen) for fen in "ab"] == [_evaluation(1), _evaluation(3)]


def test_asking_what_is_unknown_keeps_the_order_and_counts_nothing() -> None:
    shared = SharedEvaluations()
    shared.add_known({"b": _evaluation()})
    shared.put("d", _evaluation())
    assert shared.unknown(["e", "d", "c", "b", "a"]) == ["e", "c", "a"]
    assert (shared.hits, shared.misses) == (0, 0)


def test_many_threads_lose_no_count() -> None:
    shared, threads, rounds = SharedEvaluations(), 8, 20
    shared.add_known({"known": _evaluation(nodes=SlowNumber(7))})

    def work(_number: int) -> None:
        for _ in range(rounds):
            shared.get("known")
            shared.get("unknown")

    _in_threads(threads, work)
    assert shared.hits == shared.misses == threads * rounds
    assert shared.nodes_saved == 7 * threads * rounds


def test_many_threads_hand_over_everything_and_nothing_twice() -> None:
    shared, each, writers = SharedEvaluations(), 300, 6
    is_over = threading.Event()
    taken: list[str] = []

    def keep() -> None:
        while not is_over.is_set():
            taken.extend(shared.take_new())
            time.sleep(0)

    keeper = threading.Thread(target=keep)
    keeper.start()

    def work(number: int) -> None:
        for item in range(each):
            shared.put(f"{number} {item}", _evaluation(item))
            assert shared.get(f"{number} {item}") == _evaluation(item)

    _in_threads(writers, work)
    is_over.set()
    keeper.join()
    taken.extend(shared.take_new())
    expected = [f"{number} {item}" for number in range(writers) for item in range(each)]
    assert sorted(taken) == sorted(expected)
    assert shared.hits == writers * each
