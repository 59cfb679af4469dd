import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/api";
import { en as core, type Words } from "../../words/en";
import { insights } from "../../words/insights.en";
import { settings } from "../../words/settings.en";
import { training } from "../../words/training.en";
import { beside } from "./beside";

const en: Words = { ...core, ...insights, ...settings, ...training };
type Finding = Schemas["FindingView"];

const said = (told: Partial<Finding>): string[] =>
    beside({ is_own: null, past: null, level: null, ...told } as Finding, en, (ms) => `day ${ms}`);
const past = (low: number, high: number) => ({ split_ms: 7, low, high }) as Finding["past"];
const level = (low: number, players: number | null) =>
    ({ low, players, origin: "others of the club" }) as Finding["level"];

describe("a finding beside others", () => {
    it("says nothing where there is nothing to compare with", () => {
        expect(said({})).toEqual([]);
    });

    it("is one's own only where opponents surely lose less", () => {
        expect(said({ is_own: true })).toEqual([en.opponentsLoseLess]);
        expect(said({ is_own: false })).toEqual([en.opponentsLoseAlike]);
    });

    it("has changed only where the interval leaves no doubt", () => {
        expect(said({ past: past(0.1, 1) })).toEqual([en.worseSince("day 7")]);
        expect(said({ past: past(-1, -0.1) })).toEqual([en.betterSince("day 7")]);
        expect(said({ past: past(-1, 1) })).toEqual([]);
    });

    it("names those of the level that it was compared with", () => {
        expect(said({ level: level(0.1, 12) })).toEqual([
            en.moreThanOthers("12 others of the club"),
        ]);
        expect(said({ level: level(-0.1, null) })).toEqual([
            en.notMoreThanOthers("others of the club"),
        ]);
    });
});
