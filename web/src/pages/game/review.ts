/** What a review says, in the shapes that the page shows. */
import type { Schemas } from "../../api/api";
import type { Step } from "../../board/position";
import { evaluation, numbered, thoroughness } from "../../words/format";
import { words } from "../../words/words";

export type Reviewed = Schemas["ReviewedMove"];

const GLYPHS: Record<string, string> = {
    brilliant: "!!",
    great: "!",
    inaccuracy: "?!",
    mistake: "?",
    blunder: "??",
    miss: "?",
};

/** White's winning chance in each position, the first one included. */
export function whiteChances(moves: readonly Reviewed[]): number[] {
    const white = (move: Reviewed, chance: number) =>
        move.side === "white" ? chance : 100 - chance;
    const first = moves[0];
    if (!first) return [];
    return [white(first, first.win_before), ...moves.map((it) => white(it, it.win_after))];
}

export const glyph = (move: Reviewed | undefined): string => GLYPHS[move?.label ?? ""] ?? "";

/** Who analysed, and how thoroughly. */
export const runName = (run: Schemas["Run"]): string =>
    `${run.engine}${run.profile ? ` · ${thoroughness(run.profile)}` : ""}`;

export function toldEvaluation(move: Pick<Reviewed, "cp" | "mate">): string {
    return move.cp === null && move.mate === null ? "#" : evaluation(move.cp, move.mate);
}

/** The move as it is said aloud. */
export function spokenMove(step: Step, move: Reviewed | null): string {
    if (!step.san) return words.startOfGame;
    const said = `${numbered(step.ply)} ${step.san}`;
    return move ? `${said}, ${words.labels[move.label] ?? ""}, ${toldEvaluation(move)}` : said;
}

/** The moves that decided a game, each once; what else it was besides a turning point. */
export function momentsOf(
    moments: readonly Schemas["ReviewedMoment"][],
): { ply: number; kinds: Schemas["ReviewedMoment"]["kind"][] }[] {
    const plies = [...new Set(moments.map((it) => it.ply))];
    return plies.map((ply) => ({
        ply,
        kinds: moments
            .filter((it) => it.ply === ply && it.kind !== "turning point")
            .map((it) => it.kind),
    }));
}

/** Moves of one side that were judged, and for which something better is known. */
export function mistakesOf(moves: readonly Reviewed[], side: Reviewed["side"]): Reviewed[] {
    return moves.filter(
        (it) => it.side === side && it.judgment && it.best !== null && it.best !== it.uci,
    );
}
