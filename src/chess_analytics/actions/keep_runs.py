"""Remember finished runs and shared evaluations in the store: nothing is searched twice."""

from chess_analytics.actions.analyse_game import Run, engine_key, settings_key
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.engine.evaluation import EngineIdentity
from chess_analytics.engine.profile import Profile
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game
from chess_analytics.games.positions import shared_fens
from chess_analytics.store.evaluations import (
    find_evaluations,
    save_evaluations,
    trim_evaluations,
)
from chess_analytics.store.kept_runs import StoredRun, find_kept_run, keep_run
from chess_analytics.store.session import Store


class RunKeeper:
    """Finds and saves the runs of one engine with one profile, and what games share.

    Used by one thread; ``shared`` may be used by all.
    """

    def __init__(
        self, store: Store, identity: EngineIdentity, profile: Profile, *, today: int
    ) -> None:
        self._store = store
        self._engine = identity.name
        self._engine_key = engine_key(identity)
        self._profile = profile
        self._settings_key = settings_key(identity, profile)
        self._today = today
        self.shared = SharedEvaluations()

    def find(self, game: Game) -> Run | None:
        """Give the run of these moves from before, whoever played them.

        If there is none, what the store knows of the game's first positions is made ready.
        """
        with self._store.reading() as connection:
            stored = find_kept_run(connection, moves_key(game), self._settings_key)
        if stored is None:
            self._make_ready(game)
            return None
        profile = self._profile.name
        return Run(stored.evaluations, self._engine, profile, stored.nodes, stored.seconds)

    def save(self, game: Game, run: Run) -> None:
        """Keep a finished run at once, and the shared positions that were searched meanwhile."""
        with self._store.writing() as connection:
            keep_run(
                connection,
                StoredRun(run.evaluations, run.nodes, run.seconds),
                moves_key=moves_key(game),
                settings_key=self._settings_key,
                engine=self._engine,
                profile=self._profile.name,
            )
            save_evaluations(
                connection,
                self.shared.take_new(),
                engine_key=self._engine_key,
                nodes=self._profile.shared_nodes,
                today=self._today,
            )

    def trim(self, most: int) -> None:
        """Hold the shared evaluations within their bound."""
        with self._store.writing() as connection:
            trim_evaluations(connection, most)

    def _make_ready(self, game: Game) -> None:
        unknown = self.shared.unknown(shared_fens(game).values())
        if unknown and self._profile.shared_nodes:
            with self._store.writing() as connection:
                found = find_evaluations(
                    connection,
                    unknown,
                    engine_key=self._engine_key,
                    nodes=self._profile.shared_nodes,
                    today=self._today,
                )
            self.shared.add_known(found)
