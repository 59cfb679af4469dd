import { describe, expect, it } from "vitest";
import { nodesOf, numbered } from "../../words/format";
import {
    glyph,
    mistakesOf,
    momentsOf,
    type Reviewed,
    toldEvaluation,
    whiteChances,
} from "./review";

const move = (told: Partial<Reviewed>) => told as Reviewed;

describe("a review in numbers", () => {
    it("turns chances to White's, in every position", () => {
        const moves = [
            move({ side: "white", win_before: 52, win_after: 50 }),
            move({ side: "black", win_before: 50, win_after: 20 }),
        ];
        expect(whiteChances(moves)).toEqual([52, 50, 80]);
        expect(whiteChances([])).toEqual([]);
    });

    it("numbers moves as players do", () => {
        expect([1, 2, 23].map(numbered)).toEqual(["1.", "1…", "12."]);
    });

    it("knows a number of nodes from a profile", () => {
        expect(["nodes-100000", "standard"].map(nodesOf)).toEqual([100_000, null]);
    });

    it("writes evaluations from White's side", () => {
        expect(toldEvaluation({ cp: 123, mate: null })).toBe("+1.23");
        expect(toldEvaluation({ cp: -40, mate: null })).toBe("−0.40");
        expect(toldEvaluation({ cp: null, mate: -3 })).toBe("#−3");
        expect(toldEvaluation({ cp: null, mate: null })).toBe("#");
    });

    it("finds the mistakes of a side for which something better is known", () => {
        const wrong = { side: "white", judgment: "mistake", uci: "e2e4", best: "d2d4" } as const;
        const moves = [
            move({ ...wrong, ply: 1 }),
            move({ ...wrong, ply: 2, side: "black" }),
            move({ ...wrong, ply: 3, judgment: null }),
            move({ ...wrong, ply: 5, best: null }),
            move({ ...wrong, ply: 7, best: "e2e4" }),
            move({ ...wrong, ply: 9, judgment: "inaccuracy" }),
        ];
        expect(mistakesOf(moves, "white").map((it) => it.ply)).toEqual([1, 9]);
    });

    it("names each move that decided once, and what it was besides", () => {
        const at = (ply: number, kind: "turning point" | "missed win") =>
            ({ ply, kind, side: "white" }) as const;
        const found = momentsOf([
            at(11, "missed win"),
            at(11, "turning point"),
            at(15, "turning point"),
        ]);
        expect(found).toEqual([
            { ply: 11, kinds: ["missed win"] },
            { ply: 15, kinds: [] },
        ]);
    });

    it("marks what players mark, and nothing else", () => {
        expect(glyph(move({ label: "blunder" }))).toBe("??");
        expect(glyph(move({ label: "good" }))).toBe("");
        expect(glyph(undefined)).toBe("");
    });
});
