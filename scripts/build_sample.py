"""Cut the sample archive that ships with the project out of a Lichess NDJSON file.

    scripts/python scripts/build_sample.py lichess_server_analysis.ndjson.gz

Keeps every game of a few players who appear most often, so that the sample is a small career and
not a heap of strangers. Source: lichess-org/lila-db-seed, MIT; see samples/README.md.
"""

import collections
import gzip
import json
import sys
from pathlib import Path
from typing import Any

PLAYERS = 4
TARGET = (
    Path(__file__).resolve().parents[1] / "src/chess_analytics/samples/lichess-sample.ndjson.gz"
)


def main() -> None:
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        games = [json.loads(line) for line in lines]
    seen = collections.Counter(name for game in games for name in names(game))
    chosen = {name for name, _ in seen.most_common(PLAYERS)}
    kept = [game for game in games if chosen & names(game)]
    text = "".join(json.dumps(game, separators=(",", ":")) + "\n" for game in kept)
    # No file name and no time in the header: the same games give the same bytes.
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(kept)} games of {', '.join(sorted(chosen))}: {TARGET.stat().st_size} bytes")


def names(game: dict[str, Any]) -> set[str]:
    return {game["players"][side]["user"]["name"] for side in ("white", "black")}


if __name__ == "__main__":
    main()
