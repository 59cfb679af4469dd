"""Put evaluations, judgments and better lines into the PGN of a game."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import chess
import chess.pgn

from chess_analytics.games.model import Game, PlayedMove, Variant, known
from chess_analytics.games.pgn_write import as_comment, write_pgn
from chess_analytics.games.verdicts import BLAME, EVAL, Ply, without_verdicts

# Numeric annotation glyphs of the PGN standard; those that blame are in games/verdicts.py.
GOOD, BRILLIANT, INTERESTING = 1, 3, 5

PROGRAM = "chess-analytics"


@dataclass(frozen=True, slots=True)
class MoveNote:
    """What an analysis says of one ply."""

    ply: int
    """From 1, as in the game's moves."""
    score: tuple[int | None, int | None] | None = None
    """Of the position after the move, from White's side: centipawns, or a mate in n moves."""
    depth: int | None = None
    nag: int | None = None
    """The judgment as a glyph: 6 is ``?!``, 2 ``?``, 4 ``??``, 1 ``!``, 3 ``!!``."""
    comment: str | None = None
    """A sentence to stand after the move."""
    better: tuple[str, ...] = ()
    """A better line, UCI, from the position before the move."""


def annotate(
    game: Game,
    notes: Sequence[MoveNote],
    *,
    annotator: str = PROGRAM,
    headers: Mapping[str, str] = {},
) -> str:
    """Write the game with the notes in it, as PGN; a newline ends the text.

    The player's own comments, variations and clocks stay where the game's text can be read again,
    else the text is built from the moves. A note replaces the evaluation of its ply, the judgment
    glyph, and the sentence of an earlier analysis, ours or one on Lichess. ``headers`` are added
    to the game's own, or replace them. ``annotator`` is PROGRAM, with more in brackets or not; it
    goes behind the annotators of the game, by which we know our own work when it comes back.

    Raises:
        ValueError: a note is for a ply that the game does not have.
    """
    theirs = known(game.headers.get("Annotator")) or ""
    others = _OUR_NAME.sub("", theirs).lstrip("; ")
    names = "; ".join(filter(None, [others, " ".join(annotator.split())]))
    tags = _tags(game, {**headers, "Annotator": names})
    again = others != theirs
    root = _reread(game, tags) or _rebuilt(game, tags)
    nodes = list(root.mainline())
    boards = _boards_before(root)
    for note in notes:
        if not 1 <= note.ply <= len(nodes):
            raise ValueError(f"a note is for ply {note.ply}, but {game.place} has {len(nodes)}")
        node = nodes[note.ply - 1]
        _blend(node, boards[note.ply - 1], note, again=again)
        _add_line(node.parent, boards[note.ply - 1], node.move, note.better)
    return write_pgn(tags, root)


_OUR_NAME = re.compile(rf"(?:^|;)\s*{PROGRAM}(?: \([^;]*\))?\s*(?=;|$)")
_ROSTER = {
    "Event": "?",
    "Site": "?",
    "Date": "????.??.??",
    "Round": "?",
    "White": "?",
    "Black": "?",
    "Result": "*",
}


def _tags(game: Game, more: Mapping[str, str]) -> dict[str, str]:
    """Give the tags to write: the seven of the standard first, then the game's, then ours.

    What the moves depend on is written as we understood it, whatever the input said.
    """
    tags = {**_ROSTER, **game.headers, **more, "Result": game.result.value}
    if game.initial_fen == chess.STARTING_FEN:
        tags.pop("FEN", None)
        tags.pop("SetUp", None)
    else:
        tags |= {"FEN": game.initial_fen, "SetUp": "1"}
    if game.variant is Variant.CHESS960:
        tags["Variant"] = "Chess960"
    elif "Variant" in tags and tags["Variant"] not in chess.Board.aliases:
        tags["Variant"] = "Standard"
    return tags


class _QuietBuilder(chess.pgn.GameBuilder[chess.pgn.Game]):
    """Builds a game without logging what is wrong in it: the moves are compared afterwards."""

    def __init__(self) -> None:
        super().__init__(Game=chess.pgn.Game)

    def handle_error(self, error: Exception) -> None:
        self.game.errors.append(error)


def _reread(game: Game, tags: Mapping[str, str]) -> chess.pgn.Game | None:
    """Read the game's own text into a tree; nothing if that gives other moves than ours."""
    start = "".join(f'[{tag} "{tags[tag]}"]\n' for tag in _START_TAGS if tag in tags)
    text = f"{start}\n{_movetext(game.pgn)}\n"
    root = chess.pgn.read_game(io.StringIO(text), Visitor=_QuietBuilder)
    if root is None or [*root.mainline_moves()] != [played.move for played in game.moves]:
        return None
    root.headers["Result"] = tags["Result"]
    _join_comments(root)
    return root


def _join_comments(root: chess.pgn.Game) -> None:
    """Give comments to the move before them: python-chess leaves some to the move that follows."""
    nodes: list[chess.pgn.GameNode] = [root]
    while nodes:
        node = nodes.pop()
        nodes += node.variations
        if node.variations and node.variations[0].starting_comment:
            following = node.variations[0]
            node.comment = f"{node.comment} {following.starting_comment}".strip()
            following.starting_comment = ""


_START_TAGS = ("FEN", "SetUp", "Variant")
_TAG_SECTION = re.compile(r'(?:\s*+\[\s*+\w[^\s"\]]*+\s*+"(?:\\.|[^"\\])*+"\s*+\])*+')
_SPANS = re.compile(r"(\{[^}]*+\})|;([^\n]*+)")


def _movetext(pgn: str) -> str:
    """Cut the moves out of a PGN and write them as python-chess wants them.

    It takes an empty line for the end of a game, and drops comments that run to the end of their
    line (``; like this``).
    """
    pgn = pgn.removeprefix("\ufeff")
    match = _TAG_SECTION.match(pgn)
    body = pgn[match.end() if match else 0 :].replace("\r\n", "\n").replace("\r", "\n")
    lines = body.split("\n")
    # What is left of the tags has quotes that are not escaped; "%" leads lines that are no PGN.
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith(("[", "%"))):
        del lines[0]
    body = _SPANS.sub(_as_brace_comment, "\n".join(lines))
    return "\n".join(line for line in body.split("\n") if line.strip())


def _as_brace_comment(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    return f"{{ {as_comment(match[2])} }}"


def _rebuilt(game: Game, tags: Mapping[str, str]) -> chess.pgn.Game:
    """Make a tree of the moves alone, with the clocks and evaluations that came with them."""
    root = chess.pgn.Game({tag: tags[tag] for tag in (*_START_TAGS, "Result") if tag in tags})
    node: chess.pgn.GameNode = root
    for played in game.moves:
        node = node.add_variation(played.move, comment=_commands(played))
    return root


def _commands(played: PlayedMove) -> str:
    given = played.supplied
    node = chess.pgn.Game()
    node.set_clock(played.clock_s)
    node.set_emt(played.elapsed_s)
    evaluation = _eval((given.cp, given.mate), given.depth) if given else ""
    return f"{evaluation} {node.comment}".strip()


def _boards_before(root: chess.pgn.Game) -> list[chess.Board]:
    board = root.board()
    boards = []
    for move in root.mainline_moves():
        boards.append(board.copy(stack=False))
        board.push(move)
    return boards


def _blend(node: chess.pgn.ChildNode, before: chess.Board, note: MoveNote, *, again: bool) -> None:
    """Put our evaluation first and our sentence last, and the rest of the comment between.

    ``again`` says that we annotated this game before: then its evaluations are ours, and do not
    show that any other machine has been here.
    """
    ours = _sentence(note.comment or "")
    kept = " ".join(EVAL.sub(" ", node.comment).split())
    # Our sentence is there already if we have annotated this game before.
    kept = f" {kept}".removesuffix(f" {ours}") if ours else kept
    is_evaluated = not again and EVAL.search(node.comment) is not None
    others = [before.san(other.move) for other in node.parent.variations if other is not node]
    kept, blamed = without_verdicts(kept, Ply(is_evaluated, node.nags, others))
    evaluation = _eval(note.score, note.depth) if note.score else ""
    node.comment = " ".join(filter(None, [evaluation, kept, ours]))
    _set_nag(node, note.nag, blamed=blamed)


def _sentence(text: str) -> str:
    """Make a text fit for a comment, where it must not give commands."""
    return as_comment(text.replace("[%", "[ %"))


def _eval(score: tuple[int | None, int | None], depth: int | None) -> str:
    cp, mate = score
    suffix = f",{depth}" if depth is not None else ""
    if mate:
        return f"[%eval #{mate}{suffix}]"
    return f"[%eval {cp / 100:.2f}{suffix}]" if cp is not None else ""


def _set_nag(node: chess.pgn.ChildNode, nag: int | None, *, blamed: bool) -> None:
    """Replace the judgment on a move.

    Without one of ours, what an earlier machine blamed is no longer true; what a person thinks of
    the move stays, and praise is a person's more often than not.
    """
    if nag is not None:
        node.nags -= BLAME | {GOOD, BRILLIANT, INTERESTING}
        node.nags.add(nag)
    elif blamed:
        node.nags -= BLAME


def _add_line(
    parent: chess.pgn.GameNode, before: chess.Board, played: chess.Move, line: Iterable[str]
) -> None:
    """Add a variation as far as it is legal, along the variations that are there already."""
    board = before.copy(stack=False)
    node = parent
    for uci in line:
        try:
            move = board.parse_uci(uci)
        except ValueError:
            return
        if not move or (node is parent and move == played):
            return
        node = node.variation(move) if node.has_variation(move) else node.add_variation(move)
        board.push(move)
