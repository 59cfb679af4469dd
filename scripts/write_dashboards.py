"""Write Grafana's dashboards anew: deploy/monitoring/dashboards, by `just dashboards`.

A test compares them with what `scripts.dashboards` says.
"""

import json
from pathlib import Path
from typing import Any

from scripts.dashboards import DASHBOARDS, Dashboard, Panel

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "monitoring" / "dashboards"

_COLUMNS = 3
_WIDTH = 24 // _COLUMNS
_HEIGHT = 8
_SOURCE = {"type": "prometheus", "uid": "${source}"}


def described(dashboard: Dashboard) -> str:
    """Give the file of a dashboard."""
    page = {
        "uid": f"chess-analytics-{dashboard.name}",
        "title": dashboard.title,
        "tags": ["chess-analytics"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_source(), *map(_setting, dashboard.settings.items())]},
        "links": [
            {
                "type": "dashboards",
                "title": "Chess Analytics",
                "tags": ["chess-analytics"],
                "asDropdown": False,
                "keepTime": True,
            }
        ],
        "panels": [_panel(place, panel) for place, panel in enumerate(dashboard.panels)],
    }
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"


def _source() -> dict[str, Any]:
    return {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _setting(named: tuple[str, str]) -> dict[str, Any]:
    name, value = named
    return {
        "name": name,
        "label": name,
        "type": "textbox",
        "query": value,
        "current": {"text": value, "value": value},
    }


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(place, _COLUMNS)
    return {
        "id": place + 1,
        "type": "stat" if panel.is_number else "timeseries",
        "title": panel.title,
        "description": panel.why,
        "datasource": _SOURCE,
        "gridPos": {"x": column * _WIDTH, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _SOURCE,
                "expr": query,
                "legendFormat": legend or "__auto",
            }
            for number, (legend, query) in enumerate(panel.queries.items())
        ],
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DASHBOARDS:
        (FOLDER / f"{each.name}.json").write_text(described(each), encoding="utf-8")
    print(f"written: {FOLDER}")
