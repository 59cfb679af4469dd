"""Several threads that do the same thing at the same moment."""

import threading
from collections.abc import Callable


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run ``work`` in so many threads, which begin together; raise what any of them raised."""
    together = threading.Barrier(count)
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            together.wait()
            work(number)
        except BaseException as fault:  # noqa: BLE001 - the test raises it again
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
