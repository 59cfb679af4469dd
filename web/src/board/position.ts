/** Positions of a game: the one place that knows the rules of chess, by chessops. */
import { Chess, type Position } from "chessops/chess";
import { chessgroundDests } from "chessops/compat";
import { INITIAL_FEN, makeFen, parseFen } from "chessops/fen";
import { makeSan, parseSan } from "chessops/san";
import type { Move } from "chessops/types";
import { makeSquare, makeUci, parseSquare, parseUci } from "chessops/util";

export const FIRST_FEN = INITIAL_FEN;

export type Square = string;
export type PromotionRole = "queen" | "rook" | "bishop" | "knight";
export const PROMOTIONS: PromotionRole[] = ["queen", "rook", "bishop", "knight"];

/** A position, and the move that led to it; the first has none. */
export interface Step {
    ply: number;
    san: string;
    uci: string;
    fen: string;
    /** From where to where, as a board marks it. */
    squares: Square[];
}

/** Replay moves; stops before one that cannot be played. */
export function replay(initialFen: string, ucis: readonly string[], firstPly = 0): Step[] {
    const position = positionOf(initialFen);
    if (!position) return [];
    const steps = [start(initialFen, firstPly)];
    for (const uci of ucis) {
        const move = parseUci(uci);
        if (!move || !position.isLegal(move)) break;
        steps.push(play(position, move, firstPly + steps.length));
    }
    return steps;
}

/** Where each man may go, as chessground wants to know it. */
export function destinations(fen: string): Map<Square, Square[]> {
    const position = positionOf(fen);
    return position ? (chessgroundDests(position) as Map<Square, Square[]>) : new Map();
}

export function isCheck(fen: string): boolean {
    return positionOf(fen)?.isCheck() ?? false;
}

export const sideToMove = (fen: string): "white" | "black" =>
    fen.split(" ")[1] === "b" ? "black" : "white";

/** Whether a move of the board has to be told what the pawn becomes. */
export function isPromotion(fen: string, from: Square, to: Square): boolean {
    const square = parseSquare(from);
    const piece = square === undefined ? undefined : positionOf(fen)?.board.get(square);
    return piece?.role === "pawn" && (to.endsWith("1") || to.endsWith("8"));
}

/** The move that was dragged or clicked, in UCI; nothing if it is not legal. */
export function moveOnBoard(
    fen: string,
    from: Square,
    to: Square,
    promotion?: PromotionRole,
): string | null {
    const position = positionOf(fen);
    const [fromSquare, toSquare] = [parseSquare(from), parseSquare(to)];
    if (!position || fromSquare === undefined || toSquare === undefined) return null;
    const move = { from: fromSquare, to: toSquare, ...(promotion ? { promotion } : {}) };
    return position.isLegal(move) ? makeUci(move) : null;
}

/** The move that was typed as «Nf3» or «g1f3», in UCI; nothing if it is none. */
export function readTypedMove(fen: string, text: string): string | null {
    const position = positionOf(fen);
    if (!position) return null;
    const word = text.trim();
    const move = parseSan(position, word) ?? parseUci(word.toLowerCase());
    return move && position.isLegal(move) ? makeUci(move) : null;
}

/** From and to of a UCI move, where it is one on the board. */
export function squaresOf(uci: string | null): [Square, Square] | null {
    const match = /^([a-h][1-8])([a-h][1-8])/.exec(uci ?? "");
    return match ? [match[1] as Square, match[2] as Square] : null;
}

/** Who stands where, for those who hear the board: rows from the eighth to the first. */
export function menOf(fen: string): string[][] {
    return (fen.split(" ")[0] ?? "")
        .split("/")
        .map((row) => row.replace(/\d/g, (empty) => " ".repeat(Number(empty))).split(""));
}

function positionOf(fen: string): Position | undefined {
    return parseFen(fen)
        .chain((setup) => Chess.fromSetup(setup))
        .unwrap(
            (position) => position,
            () => undefined,
        );
}

/** The first position of a line. */
export function start(fen: string, ply: number): Step {
    return { ply, san: "", uci: "", fen, squares: [] };
}

/** Play a move in a position, which becomes the next one. */
export function play(position: Position, move: Move, ply: number): Step {
    const san = makeSan(position, move);
    const uci = makeUci(move);
    const squares = "from" in move ? [makeSquare(move.from), makeSquare(move.to)] : [];
    position.play(move);
    return { ply, san, uci, fen: makeFen(position.toSetup()), squares };
}
