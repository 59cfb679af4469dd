"""The page at `/`: what this is, and whether you are signed in, until there are web pages."""

import base64
import hashlib
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chess_analytics import __version__
from chess_analytics.api.identity import How, Visitor, Who
from chess_analytics.api.resources import TheSettings
from chess_analytics.settings import Settings

router = APIRouter(include_in_schema=False)

_STYLE = """
:root { color-scheme: light dark;
  --back: #f6f4f0; --ink: #262421; --soft: #6a655e; --link: #1f5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --back: #181715; --ink: #e9e5de; --soft: #a59e93; --link: #8ab8f0; }
}
body { max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem; background: var(--back);
  color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; }
a { color: var(--link); }
footer { margin-top: 2.5rem; color: var(--soft); font-size: 0.9rem; }
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chess Analytics Platform</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Chess Analytics Platform</h1>
<p>This server keeps chess games, and the analyses of them, for those who have an account here.</p>
<p>{who}</p>
<p>The web app comes in a later version. Until then the library is used from the command line
(<code>chess-analytics --help</code>) or by programs:
<a href="/api/v1/openapi.json">the description of the API</a>.</p>
</main>
<footer>Version {version}</footer>
</body>
</html>
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    # Nothing runs, loads or is sent from here, and no other page shows it inside itself.
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # It names who is signed in.
    "Cache-Control": "no-store",
}


@router.get("/")
def show_front_page(who: Visitor, settings: TheSettings) -> HTMLResponse:
    """Show what this is, and who is signed in."""
    page = _PAGE.format(style=_STYLE, who=_signed_in(who, settings), version=escape(__version__))
    return HTMLResponse(page, headers=_HEADERS)


def _signed_in(who: Who | None, settings: Settings) -> str:
    if who and who.how is How.LOCAL:
        return "It runs for you alone (<code>--local</code>): nobody has to sign in."
    if who:
        return f"You are signed in as <strong>{escape(who.name)}</strong>."
    if settings.lichess_client_id:
        way = '<a href="/api/v1/sign-in/lichess">Sign in with Lichess</a>'
        return f"You are not signed in. {way}, or log in through the API with your password."
    return "You are not signed in; log in through the API with your name and password."
