"""Remember finished runs in the store, so that nothing is analysed twice."""

from sqlalchemy import Connection

from chess_analytics.actions.analyse_game import Run, settings_key
from chess_analytics.engine.evaluation import EngineIdentity
from chess_analytics.engine.profile import Profile
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game
from chess_analytics.store.runs import StoredRun, find_run, save_run


class RunKeeper:
    """Finds and saves the runs of one engine with one profile."""

    def __init__(self, store: Connection, identity: EngineIdentity, profile: Profile) -> None:
        self._store = store
        self._engine = identity.name
        self._profile = profile.name
        self._settings_key = settings_key(identity, profile)

    def find(self, game: Game) -> Run | None:
        """Give the run of these moves from before, whoever played them."""
        stored = find_run(self._store, moves_key(game), self._settings_key)
        if stored is None:
            return None
        return Run(stored.evaluations, self._engine, self._profile, stored.nodes, stored.seconds)

    def save(self, game: Game, run: Run) -> None:
        """Keep a finished run at once."""
        save_run(
            self._store,
            StoredRun(run.evaluations, run.nodes, run.seconds),
            moves_key=moves_key(game),
            settings_key=self._settings_key,
            engine=self._engine,
            profile=self._profile,
        )
