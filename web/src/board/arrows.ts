/** Arrows on the board: what an engine would play, and what was played. */
import type { DrawShape } from "@lichess-org/chessground/draw";
import { squaresOf } from "./position";

export interface Arrow {
    uci: string | null;
    /** What the analysis found, what was played, and what the engine in the browser says. */
    kind: "best" | "played" | "engine" | "second";
}

const BRUSHES = { best: "green", played: "red", engine: "blue", second: "paleBlue" };

export function shapesOf(arrows: readonly Arrow[]): DrawShape[] {
    return arrows.flatMap(({ uci, kind }) => {
        const squares = squaresOf(uci);
        if (!squares) return [];
        return [{ orig: squares[0], dest: squares[1], brush: BRUSHES[kind] } as DrawShape];
    });
}
