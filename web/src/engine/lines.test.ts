import { INITIAL_FEN } from "chessops/fen";
import { describe, expect, it } from "vitest";
import { readInfo, whiteChance, withLine } from "./lines";

const BLACK_TO_MOVE = "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1";
const INFO = "info depth 12 seldepth 20 multipv 2 score cp 34 nodes 99 nps 700123 pv e2e4 e7e5";

describe("what an engine says", () => {
    it("reads a line with its rank, depth, evaluation, speed and moves", () => {
        expect(readInfo(INFO, INITIAL_FEN)).toEqual({
            rank: 2,
            depth: 12,
            cp: 34,
            mate: null,
            ucis: ["e2e4", "e7e5"],
            nodesASecond: 700123,
        });
    });

    it("turns evaluations to White's", () => {
        expect(readInfo("info depth 9 score cp 34 pv e7e5", BLACK_TO_MOVE)?.cp).toBe(-34);
        expect(readInfo("info depth 9 score mate -3 pv e7e5", BLACK_TO_MOVE)).toMatchObject({
            cp: null,
            mate: 3,
            rank: 1,
        });
    });

    it("leaves aside what is no whole line", () => {
        for (const text of [
            "bestmove e2e4 ponder e7e5",
            "info depth 0 score mate 0",
            "info depth 9 currmove e2e4 currmovenumber 1",
            "info depth 9 score cp 50 lowerbound nodes 1 pv e2e4",
            "info string NNUE evaluation using nn-61e7af4bb97d.nnue",
        ]) {
            expect(readInfo(text, INITIAL_FEN)).toBeNull();
        }
    });

    it("keeps one line a rank, the best first", () => {
        const line = (rank: number, depth: number) => ({
            ...{ rank, depth, cp: 0, mate: null, ucis: [], nodesASecond: 0 },
        });
        const lines = [line(2, 8), line(1, 8), line(1, 9), line(3, 9)].reduce(withLine, []);
        expect(lines.map((it) => [it.rank, it.depth])).toEqual([
            [1, 9],
            [2, 8],
            [3, 9],
        ]);
    });

    it("gives White's winning chance as the server does", () => {
        // tests/review/test_win_chance.py has the same numbers of the same curve.
        expect(whiteChance({ cp: 0, mate: null })).toBe(50);
        expect(whiteChance({ cp: 100, mate: null })).toBeCloseTo(59.1, 1);
        expect(whiteChance({ cp: 5000, mate: null })).toBe(whiteChance({ cp: null, mate: 2 }));
        expect(whiteChance({ cp: null, mate: -1 })).toBeCloseTo(2.5, 1);
    });
});
