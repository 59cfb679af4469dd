"""Draw what the dashboards show of a real run, for the guide: `just dashboard-pictures`.

One server with an engine on each core takes archives in and analyses them for some minutes, while
somebody reads. A real Prometheus watches, and is asked what Grafana would ask. The drawings are our
own: they show what a page holds, and not how Grafana looks.
"""

import time
from collections.abc import Iterator
from html import escape
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.dashboards import DASHBOARDS, Dashboard, Panel
from tests.cli.commands import Home
from tests.cli.shown_server import ShownServer
from tests.deploy.prometheus import Prometheus, Series, filled, watching

from bench.import_store import real_games
from chess_analytics.engine.discovery import find_engine

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"

_ARCHIVES = 6
_GAMES = 4
_PAUSE_S = 0.5
_STEP_S = 2
_VALUES = {"$__rate_interval": "30s", "$price": "0.04"}
_OPEN = ("pending", "running")
_READ = ("me", "games", "games?sort=-accuracy", "insights/findings", "players", "analysis-jobs")

_COLUMNS = 3
_WIDTH, _HEIGHT, _GAP = 400, 230, 12
_LEFT, _TOP = 62, 34
_END, _FLOOR = _WIDTH - 12, _HEIGHT - 52
_COLORS = ("#3274d9", "#e0752d", "#299c46", "#a352cc", "#c4162a", "#7c6a00", "#0a9c9c", "#6e6e6e")
_MOST_SERIES = 6
_LONG_TITLE, _LONGEST_LEGEND = 50, 22
_THOUSANDS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def draw() -> None:
    """Let it run, and write a picture of each dashboard."""
    with TemporaryDirectory(prefix="chess-analytics-pictures-") as name:
        home = Home(Path(name))
        server = ShownServer(home, find_engine(None).argv[0])
        try:
            jobs = {"chess-analytics-server": server.port}
            with watching(home.folder / "prometheus", jobs, None) as seen:
                began_s = time.time()
                _work(server)
                PICTURES.mkdir(exist_ok=True)
                for dashboard in DASHBOARDS:
                    page = "".join(_page(dashboard, seen, began_s, time.time()))
                    file = PICTURES / f"dashboard-{dashboard.name}.svg"
                    file.write_text(page, encoding="utf-8")
        finally:
            server.kill()
            home.leave()


def _work(server: ShownServer) -> None:
    """Bring archive after archive; each is analysed while somebody looks at pages."""
    games, reading = real_games(), cycle(_READ)
    for _ in range(_ARCHIVES):
        server.bring("".join(islice(games, _GAMES)))
        job = server.begin(profile="fast")
        while server.api.get(f"analysis-jobs/{job['id']}").json()["state"] in _OPEN:
            server.api.get(next(reading))
            time.sleep(_PAUSE_S)


def _page(dashboard: Dashboard, seen: Prometheus, from_s: float, to_s: float) -> Iterator[str]:
    rows = -(-len(dashboard.panels) // _COLUMNS)
    width = _COLUMNS * (_WIDTH + _GAP) + _GAP
    height = rows * (_HEIGHT + _GAP) + _GAP
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11" fill="#24292e">'
        f'<title>{escape(dashboard.title)}</title><rect width="100%" height="100%" fill="#f4f5f5"/>'
    )
    for place, panel in enumerate(dashboard.panels):
        row, column = divmod(place, _COLUMNS)
        x, y = _GAP + column * (_WIDTH + _GAP), _GAP + row * (_HEIGHT + _GAP)
        yield f'<g transform="translate({x} {y})">'
        yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white" stroke="#d8d9da"/>'
        size = 13 if len(panel.title) < _LONG_TITLE else 11
        title = escape(panel.title)
        yield f'<text x="12" y="21" font-size="{size}" font-weight="bold">{title}</text>'
        yield from _panel(panel, _asked(panel, seen, from_s, to_s), from_s, to_s)
        yield "</g>"
    yield "</svg>\n"


def _asked(panel: Panel, seen: Prometheus, from_s: float, to_s: float) -> dict[str, Series]:
    """Give what each line shows, by its legend."""
    found: dict[str, Series] = {}
    now = {**_VALUES, "$__range": f"{round(to_s - from_s)}s"}
    for legend, query in panel.queries.items():
        for labels, values in seen.follow(filled(query, now), from_s, to_s, _STEP_S):
            shown = legend
            for name, value in labels.items():
                shown = shown.replace(f"{{{{{name}}}}}", value)
            found[shown] = values
    return found


def _panel(panel: Panel, lines: dict[str, Series], from_s: float, to_s: float) -> Iterator[str]:
    if panel.is_number:
        last = [values[-1][1] for values in lines.values() if values]
        shown = _spelled(last[0], panel.unit) if last else "none"
        yield (
            f'<text x="{_WIDTH / 2}" y="{_HEIGHT / 2 + 20}" font-size="44" text-anchor="middle" '
            f'fill="#299c46">{escape(shown)}</text>'
        )
        return
    most = max((value for values in lines.values() for _, value in values), default=0.0) or 1.0
    yield from _axes(panel.unit, most, to_s - from_s)
    if not lines:
        yield f'<text x="{_WIDTH / 2}" y="{_HEIGHT / 2}" text-anchor="middle">none</text>'
    for number, (legend, values) in enumerate([*lines.items()][:_MOST_SERIES]):
        points = " ".join(
            f"{_LEFT + (at_s - from_s) / (to_s - from_s) * (_END - _LEFT):.1f},"
            f"{_FLOOR - value / most * (_FLOOR - _TOP):.1f}"
            for at_s, value in values
        )
        color = _COLORS[number]
        yield f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.6"/>'
        if legend:
            yield _entry(number, legend[:_LONGEST_LEGEND], color)


def _axes(unit: str, most: float, seconds: float) -> Iterator[str]:
    for part in (0.0, 0.5, 1.0):
        y = _FLOOR - part * (_FLOOR - _TOP)
        yield f'<path d="M{_LEFT} {y:.1f}H{_END}" stroke="#e6e7e8"/>'
        shown = escape(_spelled(part * most, unit))
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{shown}</text>'
    yield f'<text x="{_LEFT}" y="{_FLOOR + 15}">0</text>'
    yield f'<text x="{_END}" y="{_FLOOR + 15}" text-anchor="end">{seconds:.0f} s</text>'


def _entry(number: int, legend: str, color: str) -> str:
    x, y = 12 + number % 3 * 128, _HEIGHT - 20 + number // 3 * 14
    return (
        f'<rect x="{x}" y="{y - 8}" width="9" height="9" fill="{color}"/>'
        f'<text x="{x + 13}" y="{y}">{escape(legend)}</text>'
    )


def _spelled(value: float, unit: str) -> str:
    """Write a value with its unit, as Grafana names units."""
    if unit == "bool_on_off":
        return "on" if value else "off"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    for size, letter in _THOUSANDS:
        if value >= size:
            return f"{value / size:.3g} {letter}{_UNITS.get(unit, '')}"
    return f"{value:.3g}{' ' + _UNITS[unit] if unit in _UNITS else ''}"


_UNITS = {"s": "s", "bytes": "B", "reqps": "/s", "h": "h"}


if __name__ == "__main__":
    draw()
