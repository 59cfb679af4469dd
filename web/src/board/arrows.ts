/** Arrows on the board: what the engine would have played, and what was played. */
import type { DrawShape } from "@lichess-org/chessground/draw";
import { squaresOf } from "./position";

export interface Arrow {
    uci: string | null;
    kind: "best" | "played";
}

const BRUSHES = { best: "green", played: "red" };

export function shapesOf(arrows: readonly Arrow[]): DrawShape[] {
    return arrows.flatMap(({ uci, kind }) => {
        const squares = squaresOf(uci);
        if (!squares) return [];
        return [{ orig: squares[0], dest: squares[1], brush: BRUSHES[kind] } as DrawShape];
    });
}
