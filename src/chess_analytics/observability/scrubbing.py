"""Words for those who run the server, without what is somebody's: pure."""

import re

# Enough of a position to find it again in the games of whoever played it.
_FEN = re.compile(
    r"[1-8pnbrqkPNBRQK]{1,8}(?:/[1-8pnbrqkPNBRQK]{1,8}){7}"
    r"(?: [wb] [-A-Ha-hKQkq]{1,6} (?:-|[a-h][36])(?: \d+){0,2})?"
)
_KEY = re.compile(r"\bcap_[\w-]+|\b(?:Bearer|Basic) [\w.~+/=-]+")
_PASSWORD = re.compile(r"(\b[a-z][\w+.-]*://)[^\s/@]*@")
_TAGS = re.compile(r"\[\w+ \"[^\]]*\"\]")
# As PostgreSQL tells which row was in the way, and SQLAlchemy what it was given.
_ROW = re.compile(r"Key \([^\n]*?\)=\([^\n]*\)|\[parameters: [^\n]*\]")
# What a message quotes, it was given: names of players and files, moves, lines of a file.
_QUOTED = re.compile(r"(?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)|\"(?:[^\"\\\n]|\\.)*\"|«[^»\n]*»|“[^”\n]*”")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IN_THEIR_PLACE = (
    (_KEY, "(key)"),
    (_PASSWORD, r"\1(hidden)@"),
    (_MAIL, "(mail)"),
    (_FEN, "(position)"),
    (_ROW, "(row)"),
    (_TAGS, "(pgn)"),
    (_QUOTED, "(quoted)"),
)


def impersonal(text: str) -> str:
    """Leave out of a message what it quotes, positions, keys, and who logs in at an address.

    >>> impersonal("'Qh9' is no legal move (position 8/8/8/8/8/8/8/K1k5 w - - 0 1, after 3 moves)")
    '(quoted) is no legal move (position (position), after 3 moves)'
    >>> impersonal("no answer from redis://:secret@cache:6379/0")
    'no answer from redis://(hidden)@cache:6379/0'
    """
    for what, instead in _IN_THEIR_PLACE:
        text = what.sub(instead, text)
    return text
