import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/api";
import { askedWords, cellsOf, NOTHING_ASKED, readAsked, rowName, scaleOf } from "./question";

const row = (told: Partial<Schemas["AnswerRow"]>): Schemas["AnswerRow"] => ({
    bucket: null,
    second: null,
    part: null,
    value: 1,
    low: null,
    high: null,
    moves: 0,
    games: 1,
    too_few: false,
    ...told,
});

describe("a question", () => {
    it("is the same again after it was an address", () => {
        const asked = { ...NOTHING_ASKED, metric: "loss", by: "phase" };
        expect(readAsked(`?${new URLSearchParams(askedWords(asked))}`)).toEqual(asked);
        expect(askedWords(NOTHING_ASKED)).toEqual([]);
    });

    it("has rows with names", () => {
        expect(
            rowName(row({ bucket: "blitz", part: "win" }), { metric: "results", by: "speed" }),
        ).toBe("blitz · win");
    });

    it("is drawn from nothing on, and leaves out what tells too little", () => {
        const rows = [row({ value: 4, high: 6 }), row({ value: 90, too_few: true })];
        expect(scaleOf(rows)).toEqual({ from: 0, to: 6 });
        expect(scaleOf([row({ value: -3, low: -5 })])).toEqual({ from: -5, to: 0 });
        expect(scaleOf([])).toEqual({ from: 0, to: 1 });
    });

    it("is told to spreadsheets column by column", () => {
        expect(cellsOf([row({ bucket: "blitz", value: 2.5, low: 1 })])).toEqual([
            ["blitz", null, null, 2.5, 1, null, 1, 0, false],
        ]);
    });
});
