"""Make facts anew from stored evaluations, where definitions have changed; no engine is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable, read_again
from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.insights.facts import pack_facts
from chess_analytics.insights.records import PackedFacts
from chess_analytics.review.judge import EvaluationsMissing, judge_game
from chess_analytics.store.facts import OutdatedRun, outdated_runs, replace_facts
from chess_analytics.store.games import StoredGame, find_games
from chess_analytics.store.import_games import hold_games
from chess_analytics.store.runs import evaluations_of_run
from chess_analytics.store.session import Store

# A commit is for so many: about a second of work, which a process that is killed loses.
_RUNS_A_BATCH = 50

_NOTHING = PackedFacts(game=b"", moves=b"")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many runs have facts now that had none, or old ones."""

    made: int = 0
    unreadable: int = 0
    """Their games and evaluations do not fit together any more: they take no part in insights."""

    @property
    def all(self) -> int:
        return self.made + self.unreadable

    def and_also(self, more: "Rebuilt") -> "Rebuilt":
        return Rebuilt(self.made + more.made, self.unreadable + more.unreadable)


def rebuild_facts(store: Store, report: Callable[[Rebuilt], None] = lambda _: None) -> Rebuilt:
    """Make all outdated facts anew, some at a time; ``report`` is told after each commit.

    It may be stopped at any moment and started again, and may run beside everything else.
    """
    done = Rebuilt()
    after: int | None = 0
    while after is not None:
        some, after = rebuild_some(store, after)
        done = done.and_also(some)
        if some.all:
            report(done)
    return done


def rebuild_some(store: Store, after: int) -> tuple[Rebuilt, int | None]:
    """Make the outdated facts of some runs anew, those with ids beyond ``after``.

    Also gives the last id, from which to go on; nothing when there are no more.
    """
    with store.reading() as connection:
        batch = outdated_runs(connection, after, limit=_RUNS_A_BATCH)
    if not batch:
        return Rebuilt(), None
    made = _facts_of(store, batch)
    with store.writing() as connection:
        # Who deletes a game meanwhile deletes its runs.
        there = hold_games(connection, {run.game_id for run in batch})
        kept = {run.run_id: made[run.run_id] for run in batch if run.game_id in there}
        replace_facts(connection, kept)
    empty = sum(facts is _NOTHING for facts in kept.values())
    return Rebuilt(len(kept) - empty, empty), batch[-1].run_id


def _facts_of(store: Store, batch: Sequence[OutdatedRun]) -> dict[int, PackedFacts]:
    with store.reading() as connection:
        games: dict[int, StoredGame] = {}
        for user_id in {run.user_id for run in batch}:
            wanted = {run.game_id for run in batch if run.user_id == user_id}
            games |= find_games(connection, user_id, wanted)
        evaluations = {
            run.run_id: evaluations_of_run(connection, run.run_id)
            for run in batch
            if run.game_id in games
        }
    return {
        run.run_id: _facts(games.get(run.game_id), evaluations.get(run.run_id, ())) for run in batch
    }


def _facts(game: StoredGame | None, evaluations: Sequence[Evaluation | None]) -> PackedFacts:
    if game is None:
        return _NOTHING
    try:
        return pack_facts(judge_game(read_again(game), evaluations), evaluations)
    except (StoredGameUnreadable, EvaluationsMissing, ValueError):
        # ValueError: more evaluations than the game has positions.
        return _NOTHING
