"""Cut PGN text into games: a scanner that knows tags, comments, variations and results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from chess_analytics.games.pgn_lines import MAX_GAME_CHARS, MAX_GAME_LINES, Lines

KEPT_MOVES = 10_000
"""Of a longer game one more is kept, so that it can be told; no real one has 1,000."""

MAX_TAG_CHARS = 1_000
"""Of a longer value only the start is kept, for it is compared, indexed and shown."""

# A game has 40 tags at most, and 255 characters are the standard's limit for a name.
_MAX_TAGS, _MAX_TAG_NAME_CHARS = 200, 255
_MAX_ALTERNATIVE_MOVES = 600
_MAX_COMMENT_CHARS = 65_536

_RESULTS = {"1-0": "1-0", "0-1": "0-1"} | dict.fromkeys(("1/2-1/2", "1/2", "½-½", "½"), "1/2-1/2")
# What informants and programs write after a move: opinions, not moves.
_SIGNS = {"+-", "-+", "+/-", "-/+", "+/=", "=/+", "+=", "=+", "=", "±", "∓", "⩲", "⩱", "∞", "□"}
_REMARKS = {"inf", "unclear", "N", "RR", "D", "ep", "e.p.", "e.p", "+", "++", "#", "ch", "mate"}
_OPINIONS = frozenset(_SIGNS | _REMARKS | {"\\"})
_TAG = re.compile(r'\[\s*([A-Za-z0-9][\w+#=:-]*)\s*"([^"\\]*(?:\\.[^"\\]*)*)"\s*\]')
# Some programs do not escape quotes: then the whole line is one tag.
_LOOSE_TAG = re.compile(r'\[\s*([A-Za-z0-9][\w+#=:-]*)\s*"(.*)"\s*\]\s*$')
_RUINED_TAG = re.compile(r'\[\s*\w+\s*\]\s*$|\[[^"]*"')
_BARE_COMMAND = re.compile(r"\[%[^\]]{1,1000}\]")
_ESCAPED = re.compile(r'\\(["\\])')
_FIRST_MOVE = re.compile(r"\s*1\s*\.(?!\s*[.…])")

# Groups: 1 a word, 2 a comment that ends on its line, 3 a sign to look at. Glyphs (!?, $4) and
# stray closing brackets match without a group. Possessive, so that no text costs quadratic time.
_TOKEN = re.compile(
    r"""(?:\d++\s*+\.[.\s]*+)?(?:
    ([a-h](?:x[a-h])?[18]\([QRBN]\)[+\#]? | [^\s(){}\[\];$!?*]++)
    | (\{[^}]*+\})
    | ([(){\[;*])
    | [!?]+ | \$\d* | [\]}]
    )""",
    re.VERBOSE,
)


@dataclass(slots=True)
class WrittenMove:
    """A move as it is written, with what is said of it."""

    word: str
    line: int | None
    """The line of the input on which it stands, where the input has lines."""
    comment: str = ""
    """The comments that follow the move, joined; no more of them behind 65,536 characters."""
    alternative: tuple[str, ...] = ()
    """The first variation that follows it, without the variations inside, up to 600 moves."""


@dataclass(slots=True)
class RawGame:
    """One game's text, cut out and taken apart; nothing is known of its chess yet."""

    line: int
    """Where it starts in the input, from 1."""
    headers: dict[str, str] = field(default_factory=dict)
    """The first 200 tags, each with up to MAX_TAG_CHARS characters."""
    moves: list[WrittenMove] = field(default_factory=list)
    """Up to KEPT_MOVES, or one more where there are more."""
    text: str = ""
    terminator: str | None = None
    """The result that ends the moves."""
    unclosed: int | None = None
    """The line of a comment that never ends."""
    too_long: str = ""
    """Why the text is longer than a game's, if so: only the headers at its start are kept."""


def split_games(lines: Iterable[str]) -> Iterator[RawGame]:
    """Yield the games of a text in order: each word of the text is in exactly one of them.

    ``lines`` are as a text file gives them (see `Lines`). If they raise, a game that was whole by
    then is yielded before the exception goes on.
    """
    source = Lines(lines)
    cutter = _Cutter(source)
    try:
        for line in source:
            yield from cutter.feed(line)
    except Exception:
        cutter.drop_unfinished()
        yield from cutter.taken()
        raise
    cutter.finish()
    yield from cutter.taken()


class _Cutter:
    """The state of the scan: lines go in, games come out."""

    def __init__(self, source: Lines) -> None:
        self._source = source
        self._done: list[RawGame] = []
        self._game: RawGame | None = None
        self._text = ""
        """The current line."""
        self._cut = 0
        """Where in the current line the game's own text starts."""
        self._indent = 0
        self._chunks: list[str] = []
        self._size = self._lines = 0
        self._depth = 0
        self._variation: list[str] = []
        self._gap = False
        """Something else came since the last tag: a blank line, a comment, a ruined tag."""
        self._blank = False
        """The line before this one is blank."""
        self._comment: list[str] | None = None
        self._comment_line = 0
        self._comment_from = (0, 0)
        """The chunk, and the place in it, where the open comment starts."""
        self._comment_is_sound = False

    def taken(self) -> list[RawGame]:
        """Hand out the games that are complete."""
        games, self._done = self._done, []
        return games

    def drop_unfinished(self) -> None:
        """Stop in the middle of the text: the game in hand counts only if it has its end."""
        if self._game and self._game.terminator:
            if self._comment is not None:
                self._part_with_comment()
            self._cut = len(self._text)
            self.finish()

    def finish(self, at: int = 0) -> None:
        """End the game in hand before position ``at`` of the line."""
        if game := self._game:
            self._chunks.append(self._text[self._cut : at])
            stray = None
            if self._comment is not None and game.terminator:
                stray = self._part_with_comment()
            elif self._comment is not None:
                game.unclosed = self._comment_line
            game.text = "".join(self._chunks).strip()
            self._done += [game, stray] if stray else [game]
        self._game = None
        self._cut = at
        self._chunks = []
        self._variation = []
        self._size = self._lines = self._depth = 0
        self._gap = self._blank = False
        self._comment = None

    def _part_with_comment(self) -> RawGame:
        """Take a comment without end away from the game, whose own end came before it."""
        index, offset = self._comment_from
        text = "".join([self._chunks[index][offset:], *self._chunks[index + 1 :]])
        self._chunks[index:] = [self._chunks[index][:offset]]
        self._comment = None
        return RawGame(self._comment_line, text=text.strip(), unclosed=self._comment_line)

    def feed(self, line: str) -> Iterator[RawGame]:
        """Take in one line; yield the games that it completes, which may be any number."""
        self._text, self._cut = line, 0
        self._indent = len(line) - len(line.lstrip())
        at = self._skip(line) if self._game and self._game.too_long else self._begin(line)
        while at < len(line):
            at = self._scan(line, at)
            yield from self.taken()
        if self._game and not self._game.too_long:
            self._chunks.append(line[self._cut :])
            self._size += len(line)
            # Every empty line is one and the same in memory, and there may be many between games.
            self._lines += len(line) > 1
        if self._source.overlong or self._size > MAX_GAME_CHARS:
            self._give_up(f"over {MAX_GAME_CHARS:,} characters")
        elif self._lines > MAX_GAME_LINES:
            self._give_up(f"over {MAX_GAME_LINES:,} lines")
        yield from self.taken()

    def _skip(self, line: str) -> int:
        """Pass over an overlong game's text up to something that starts another."""
        if _TAG.match(line) or (self._blank and _FIRST_MOVE.match(line)):
            self.finish()
            return 0
        self._blank = line.isspace()
        return len(line)

    def _give_up(self, why: str) -> None:
        game = self._game
        if game is None or game.terminator:
            self._cut = len(self._text)
            game = self._start(len(self._text))
        game.too_long = why
        game.moves.clear()
        self._chunks.clear()
        self._variation.clear()
        self._size = self._lines = 0
        self._comment = None

    def _begin(self, line: str) -> int:
        """Look at a line as a whole; give the position from which it is to be scanned."""
        if self._comment is not None:
            return self._go_on_with_comment(self._comment, line)
        if line.startswith("%"):
            return len(line)
        if line.isspace():
            self._blank = self._gap = True
            return len(line)
        # A game without a result, then a game without a tag.
        if self._blank and not self._depth and self._in_moves() and _FIRST_MOVE.match(line):
            self.finish()
        self._blank = False
        return 0

    def _go_on_with_comment(self, comment: list[str], line: str) -> int:
        if not self._comment_is_sound and line.startswith("[") and _TAG.match(line):
            self._comment_is_sound = self._source.closes_comment(line)
            if not self._comment_is_sound:
                self.finish()
                return 0
        end = line.find("}")
        comment.append(line if end < 0 else line[:end])
        if end < 0:
            return len(line)
        self._comment = None
        self._say("".join(comment))
        return end + 1

    def _in_moves(self) -> bool:
        return self._game is not None and bool(self._game.moves) and not self._game.terminator

    def _scan(self, line: str, at: int) -> int:
        """Take the tokens from ``at`` on, up to the end of a game; give where to go on."""
        for token in _TOKEN.finditer(line, at):
            match token.lastindex:
                case 1:
                    self._word(token[1], token.start())
                case 2:
                    self._say(token[2][1:-1], token.start())
                case 3:
                    at = self._sign(token[3], token.start(), token.start(3))
                    if at:
                        return at
            if self._done:
                return token.end()
        return len(line)

    def _word(self, word: str, start: int) -> None:
        if word in _RESULTS:
            self._end_moves(_RESULTS[word], start)
        elif word in _OPINIONS or (word[0] in "0123456789.…" and _is_number(word)):
            return
        elif self._depth:
            if self._depth == 1 and len(self._variation) < _MAX_ALTERNATIVE_MOVES:
                self._variation.append(word)
        else:
            moves = self._open(start).moves
            if len(moves) <= KEPT_MOVES:
                moves.append(WrittenMove(word, self._source.number))

    def _say(self, comment: str, start: int = 0) -> None:
        """Keep a comment with the move that it follows."""
        self._gap = True
        game = self._game
        if game is None:
            self._start(start)
        elif game.moves and not self._depth and not game.terminator:
            move = game.moves[-1]
            if len(move.comment) < _MAX_COMMENT_CHARS:
                move.comment = f"{move.comment} {comment}" if move.comment else comment

    def _sign(self, sign: str, start: int, at: int) -> int:
        """Act on a single character; give where to go on if that is not right behind it."""
        match sign:
            case "(":
                self._open(start, after_result=True)
                self._depth += 1
            case ")":
                self._close_variation()
            case "*":
                self._end_moves("*", start)
            case "[":
                return self._bracket(start, at)
            case "{":
                self._open(start, after_result=True)
                self._comment = [self._text[at + 1 :]]
                self._comment_line = self._source.number
                self._comment_from = len(self._chunks), at - self._cut
                self._comment_is_sound = False
                return len(self._text)
            case _:  # a semicolon: the rest of the line is a comment
                return len(self._text)
        return 0

    def _close_variation(self) -> None:
        if self._depth == 1 and self._game and self._game.moves:
            move = self._game.moves[-1]
            move.alternative = move.alternative or tuple(self._variation)
            self._variation = []
        self._depth = max(0, self._depth - 1)

    def _end_moves(self, result: str, start: int) -> None:
        # A second result in a row has no game of its own.
        if not self._depth:
            game = self._open(start, after_result=True)
            game.terminator = game.terminator or result

    def _bracket(self, start: int, at: int) -> int:
        """Read a tag, or pass over what was meant to be one."""
        line = self._text
        leads = at == self._indent
        tag = _TAG.match(line, at) or (_LOOSE_TAG.match(line, at) if leads else None)
        if tag:
            self._tag(tag[1], tag[2], start)
            return tag.end()
        if command := _BARE_COMMAND.match(line, at):
            self._say(command[0], start)
            return command.end()
        if leads and _RUINED_TAG.match(line, at):
            self._open(start)
            self._gap = True
            return len(line)
        # No move starts like this: whoever replays the game will say so.
        self._word("[", start)
        return at + 1

    def _tag(self, name: str, value: str, start: int) -> None:
        game = self._game
        if game is None or self._tag_starts_a_game(game, name):
            game = self._start(start)
        if "\\" in value:
            value = _ESCAPED.sub(r"\1", value)
        if len(game.headers) < _MAX_TAGS and len(name) <= _MAX_TAG_NAME_CHARS:
            game.headers.setdefault(name, value[:MAX_TAG_CHARS])
        self._gap = False
        # A bracket that was left open before has no say in this game.
        self._depth = 0

    def _tag_starts_a_game(self, game: RawGame, name: str) -> bool:
        if game.moves or game.terminator:
            return True
        # Only tags so far. ChessBase leaves a blank line after the first, so a blank line alone
        # tells nothing; a tag that comes again does, and Event is the first tag of every game.
        if name == "Event":
            return bool(game.headers) and (self._gap or name in game.headers)
        return self._gap and name in game.headers

    def _open(self, start: int, *, after_result: bool = False) -> RawGame:
        """Give the game to which something at ``start`` belongs."""
        game = self._game
        if game is None or (game.terminator and not after_result):
            return self._start(start)
        return game

    def _start(self, at: int) -> RawGame:
        self.finish(at)
        self._game = RawGame(self._source.number)
        return self._game


def _is_number(word: str) -> bool:
    """Tell a move's number (``12``, ``3…``) from a move (``0-0``)."""
    digits = word.rstrip(".…")
    return not digits or digits.isdigit()
