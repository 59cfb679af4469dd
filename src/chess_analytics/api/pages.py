"""The web app's pages: files that were built before, served as they are."""

import base64
import hashlib
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILD = Path(__file__).resolve().parents[1] / "web_build"
"""Where `just web` puts what it builds."""

PAGES = {
    "/": "index",
    "/games": "games",
    "/games/{game_id}": "game",
    "/insights": "insights",
    "/insights/trend": "trend",
    "/insights/openings": "openings",
    "/insights/time": "time",
    "/training": "training",
    "/jobs": "jobs",
    "/shared/{secret}": "shared",
    "/settings": "settings",
    "/admin": "admin",
}
"""Each address of a page, and the name of its file; the page reads the rest from its address."""

_ASSETS = "/assets"
_GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# Pieces are pictures inside the style sheet. Nothing else comes from anywhere but here, no script
# stands in a page, and no other page shows ours inside itself.
_PAGE_RULES = (
    "default-src 'self'; img-src 'self' data:; worker-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The engine in the browser is a worker with rules of its own: it may run WebAssembly and fetch its
# own program, and nothing else. So no page has to allow it.
_ENGINE = "engine/"
_ENGINE_RULES = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
_PAGE_HEADERS = {
    **_GUARDS,
    "Content-Security-Policy": _PAGE_RULES,
    # Asked for again each time: it names the files of this version.
    "Cache-Control": "no-cache",
}
_STYLE = """
:root { color-scheme: light dark; --back: #f7f7f8; --ink: #1c1e22; }
@media (prefers-color-scheme: dark) { :root { --back: #16171a; --ink: #e6e7ea; } }
body { max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem; background: var(--back);
  color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_UNBUILT = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chess Analytics Platform</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>The web app has not been built yet</h1>
<p>The server runs, and its API answers under <code>/api/v1</code>; only the pages are missing.</p>
<p>In the project's folder, <code>./start</code> builds them, or
<code>.venv/bin/just web</code> where everything else is set up. Then reload this page.</p>
</main>
</body>
</html>
"""
_UNBUILT_HEADERS = {
    **_GUARDS,
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class _Assets(StaticFiles):
    """Files whose names change with their content, so that nobody asks for them twice."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers.update(_GUARDS)
        if answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if path.startswith(_ENGINE):
            answer.headers["Content-Security-Policy"] = _ENGINE_RULES
        return answer


def install(app: FastAPI, build: Path) -> None:
    """Serve the pages that were built into a folder, at whichever time that was."""
    router = APIRouter(include_in_schema=False)
    for address, name in PAGES.items():
        router.add_api_route(address, _page(build / f"{name}.html"), methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount(_ASSETS, _Assets(directory=build / "assets", check_dir=False), name="assets")


def _page(file: Path) -> Callable[[], Response]:
    def show_page() -> Response:
        if not file.is_file():
            return HTMLResponse(_UNBUILT, HTTPStatus.SERVICE_UNAVAILABLE, headers=_UNBUILT_HEADERS)
        return FileResponse(file, media_type="text/html", headers=_PAGE_HEADERS)

    return show_page
