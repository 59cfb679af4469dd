"""One engine that speaks UCI: a single-threaded process which answers one question at a time."""

from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import Self

from chess_analytics.engine.answers import Answer, NotUciError, Unknown
from chess_analytics.engine.discovery import EngineCommand
from chess_analytics.engine.evaluation import (
    EngineError,
    EngineIdentity,
    Evaluation,
    SearchRequest,
)
from chess_analytics.engine.process import EngineProcess
from chess_analytics.engine.questions import Questions
from chess_analytics.engine.syzygy import find_tables
from chess_analytics.engine.watchdog import Countdown, Patience, Speed

_MEBIBYTE = 1 << 20
# Program, network and stacks of every Stockfish so far fit twice into this, beside the hash.
_MEMORY_BESIDE_HASH_MB = 1024
# To be woken for each of the dozen lines of a short search costs more than all else that we do
# meanwhile; so we sleep through most of it. A search that ends early is noticed a little late.
_NAP_SHARE = 0.6
_LONGEST_NAP_S = 0.1
_LONGEST_NAME = 200
_TABLES = "SyzygyPath"


@dataclass(frozen=True, slots=True)
class UciSettings:
    """How an engine is run. All but ``hash_mb`` and ``syzygy_path`` leave its numbers alone."""

    hash_mb: int = 64
    """The table of searched positions, in MiB. Another size gives other numbers."""
    niceness: int = 5
    """How far the engine stands back behind other programs, 0 to 19."""
    patience: Patience = field(default_factory=Patience)
    syzygy_path: str | None = None
    """Folders of Syzygy tables, separated as in PATH; other tables give other numbers."""


class UciEngine:
    """A running engine; an `Engine` of `evaluation`.

    One thread at a time uses it. `interrupt` may be called from any other thread. The handshake
    happens at the first question, so that whoever holds the engine can interrupt that as well.
    After an `EngineError` other than `PositionRefused` the process is gone: start a new one.

    Raises:
        EngineError: no process could be started, this system is not POSIX, or the folders of Syzygy
            tables are not what they should be.
    """

    def __init__(self, command: EngineCommand, settings: UciSettings | None = None) -> None:
        self._settings = settings or UciSettings()
        path = self._settings.syzygy_path
        self._tables = find_tables(path) if path else None
        memory_bytes = (self._settings.hash_mb + _MEMORY_BESIDE_HASH_MB) * _MEBIBYTE
        if self._tables:
            # Tables are mapped into memory: they take addresses, not memory.
            memory_bytes += self._tables.size_bytes
        self._process = EngineProcess(
            command, memory_bytes=memory_bytes, niceness=self._settings.niceness
        )
        self._questions = Questions()
        self._identity: EngineIdentity | None = None
        self._is_fresh = False
        self._plays_chess960 = False
        self._speed = Speed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def speed(self) -> Speed:
        """Nodes and seconds of all searches so far."""
        return self._speed

    @property
    def identity(self) -> EngineIdentity:
        """Which engine this is. ``UCI_Chess960`` is not among the options: it goes with the game.

        After the path of Syzygy tables, the options say what lies there.

        Raises:
            EngineError: the engine does not get ready.
        """
        if self._identity is None:
            self._identity = self._shake_hands()
        return self._identity

    def new_game(self) -> None:
        """Forget all that was searched.

        Raises:
            EngineError: the engine died, hung or babbled.
        """
        _ = self.identity
        if not self._is_fresh:
            self._forget()

    def search(self, request: SearchRequest) -> Evaluation:
        """Evaluate a position that has a legal move.

        Only the first move of a variation is known to be legal.

        Raises:
            PositionRefused: the position is not valid, or over; the engine was not asked.
            EngineError: the engine died, hung or babbled, or was interrupted.
        """
        question = self._questions.ask(request)
        _ = self.identity
        self._is_fresh = False
        began_s = perf_counter()
        self._process.send(*self._mode(chess960=request.chess960), *question.commands)
        answer = self._listen(request.nodes)
        seconds = perf_counter() - began_s
        try:
            evaluation = answer.evaluation(question)
        except NotUciError as error:
            self._process.babbled(str(error))
        self._speed = self._speed.after(answer.nodes, seconds)
        return evaluation

    def interrupt(self) -> None:
        """End the engine at once; a search under way raises `SearchInterrupted`."""
        self._process.interrupt()

    def close(self) -> None:
        """End the engine; nothing happens when it has ended."""
        self._process.close()

    def _listen(self, nodes: int) -> Answer:
        patience = self._settings.patience
        countdown = patience.for_search(nodes, self._speed.nps or patience.first_guess_nps)
        answer = Answer()
        if self._speed.nps:
            sleep(min(_NAP_SHARE * nodes / self._speed.nps, _LONGEST_NAP_S))
        try:
            while True:
                for line in self._process.receive(countdown):
                    if answer.hear(line):
                        return answer
        except NotUciError as error:
            self._process.babbled(str(error))

    def _shake_hands(self) -> EngineIdentity:
        countdown = self._settings.patience.at_start()
        self._process.send("uci")
        greeting = self._read_until(b"uciok", countdown)
        options = tuple(
            (name, str(value))
            for name, value in (("Threads", 1), ("Hash", self._settings.hash_mb))
            if self._takes(greeting, name, value)
        )
        options += self._syzygy(greeting)
        self._process.send(*(f"setoption name {name} value {value}" for name, value in options))
        self._forget(countdown)
        if self._tables:
            options += (("Syzygy tables", self._tables.describe()),)
        return EngineIdentity(greeting.name or "an engine without a name", greeting.net, options)

    def _syzygy(self, greeting: "_Greeting") -> tuple[tuple[str, str], ...]:
        if self._tables is None:
            return ()
        if not greeting.reads_tables:
            self.close()
            raise EngineError(
                f"{greeting.name} cannot read Syzygy tables: it has no option {_TABLES}. Use "
                "another engine, or leave out CHESS_ANALYTICS_SYZYGY_PATH."
            )
        return ((_TABLES, self._tables.path),)

    def _takes(self, greeting: "_Greeting", name: str, value: int) -> bool:
        bounds = greeting.bounds.get(name)
        if bounds is None:
            return False
        if not bounds[0] <= value <= bounds[1]:
            self.close()
            raise EngineError(
                f"{greeting.name} takes a {name} of {bounds[0]} to {bounds[1]}, not {value}. "
                "Change the setting."
            )
        return True

    def _forget(self, countdown: Countdown | None = None) -> None:
        self._process.send("ucinewgame", "isready")
        self._read_until(b"readyok", countdown or self._settings.patience.between_searches())
        self._is_fresh = True

    def _mode(self, *, chess960: bool) -> tuple[str, ...]:
        if chess960 == self._plays_chess960:
            return ()
        self._plays_chess960 = chess960
        return (f"setoption name UCI_Chess960 value {str(chess960).lower()}",)

    def _read_until(self, word: bytes, countdown: Countdown) -> "_Greeting":
        greeting = _Greeting()
        try:
            while True:
                for line in self._process.receive(countdown):
                    if line.strip() == word:
                        return greeting
                    greeting.hear(line)
        except NotUciError as error:
            self._process.babbled(str(error))


class _Greeting:
    """What the engine says of itself, as far as we want to know."""

    def __init__(self) -> None:
        self.name = ""
        self.bounds: dict[str, tuple[int, int]] = {}
        """Smallest and largest value of the numbers that we set."""
        self.reads_tables = False
        self._nets: dict[str, str] = {}
        self._unknown = Unknown()

    @property
    def net(self) -> str | None:
        """The file of the net; newer engines have two, the large one first."""
        return " + ".join(self._nets.values()) or None

    def hear(self, line: bytes) -> None:
        self._unknown.hear(line)
        words = line[: 2 * _LONGEST_NAME].decode("utf-8", "replace").split()
        match words:
            case ["id", "name", *name]:
                self.name = " ".join(name)[:_LONGEST_NAME]
            case ["option", "name", "Threads" | "Hash" as name, "type", "spin", *rest]:
                self.bounds[name] = _bounds(rest)
            case ["option", "name", name, "type", "string", *_] if name == _TABLES:
                self.reads_tables = True
            case ["option", "name", "EvalFile" | "EvalFileSmall" as name, *_, "default", net]:
                self._nets[name] = net
            case _:
                pass


def _bounds(words: list[str]) -> tuple[int, int]:
    numbers = dict(zip(words[::2], words[1::2], strict=False))
    try:
        return int(numbers["min"]), int(numbers["max"])
    except (KeyError, ValueError) as error:
        raise NotUciError(f"an option with the bounds {' '.join(words)[:80]!r}") from error
