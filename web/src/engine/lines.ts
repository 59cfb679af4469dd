/** What an engine says while it thinks: the lines of UCI, read and turned to White's side. */
import { sideToMove } from "../board/position";

/** A line of play, as far as the engine has looked. */
export interface EngineLine {
    /** 1 is the best. */
    rank: number;
    depth: number;
    /** White's evaluation: centipawns, or moves to mate. */
    cp: number | null;
    mate: number | null;
    ucis: string[];
    nodesASecond: number;
}

/** How much winning chance a centipawn is worth; the server's review/win_chance.py has the same. */
const LICHESS_SLOPE = 0.00368208;
const MOST_CP = 1000;

/** Read one «info» of a search in this position; nothing where it tells no whole line. */
export function readInfo(text: string, fen: string): EngineLine | null {
    const found = text.split(" ");
    if (found[0] !== "info" || /\b(upper|lower)bound\b/.test(text)) return null;
    const after = (word: string) => found[found.indexOf(word) + 1];
    const numberAfter = (word: string) => (found.includes(word) ? Number(after(word)) : null);
    const pv = found.indexOf("pv");
    const [cp, mate] = [numberAfter("cp"), numberAfter("mate")];
    if (pv < 0 || (cp === null && mate === null)) return null;
    const sign = sideToMove(fen) === "white" ? 1 : -1;
    return {
        rank: numberAfter("multipv") ?? 1,
        depth: numberAfter("depth") ?? 0,
        cp: cp === null ? null : sign * cp,
        mate: mate === null ? null : sign * mate,
        ucis: found.slice(pv + 1),
        nodesASecond: numberAfter("nps") ?? 0,
    };
}

/** Put a line in its place among those known; what an earlier search left below it goes. */
export function withLine(lines: readonly EngineLine[], line: EngineLine): EngineLine[] {
    const others = lines.filter((it) => it.rank !== line.rank);
    return [...others, line].sort((one, other) => one.rank - other.rank);
}

/** White's winning chance in percent, by Lichess's formula. */
export function whiteChance({ cp, mate }: Pick<EngineLine, "cp" | "mate">): number {
    const capped = mate === null ? (cp ?? 0) : mate > 0 ? MOST_CP : -MOST_CP;
    const within = Math.max(-MOST_CP, Math.min(MOST_CP, capped));
    return 100 / (1 + Math.exp(-LICHESS_SLOPE * within));
}
