import { describe, expect, it } from "vitest";
import { isNarrow, partsOf, readSpan, spanQuery, spanWords, withBucket } from "./span";

const SEARCH = "?player=7&since=2026-01-31&until=2026-02-01&only=speed%3Dblitz%7Crapid";

describe("the games that are asked about", () => {
    it("are the same again after they were an address", () => {
        const span = readSpan(SEARCH);
        expect(span.only).toEqual(["speed=blitz|rapid"]);
        expect(readSpan(`?${new URLSearchParams(spanWords(span))}`)).toEqual(span);
        expect(isNarrow(span)).toBe(true);
        expect(isNarrow(readSpan(""))).toBe(false);
    });

    it("are not narrowed by what is no day and no number", () => {
        expect(isNarrow(readSpan("?since=yesterday&player=-1&until=2026-1-1"))).toBe(false);
    });

    it("last to the end of the last day", () => {
        const { since_ms = 0, until_ms = 0, player_id } = spanQuery(readSpan(SEARCH));
        expect(player_id).toEqual([7]);
        expect((until_ms - since_ms) / 3_600_000).toBe(48);
        expect(spanQuery(readSpan(""))).toEqual({ only: [], zone: expect.any(String) });
    });

    it("have one condition a dimension", () => {
        expect(partsOf("opponent=a=b|c")).toEqual(["opponent", ["a=b", "c"]]);
        const only = ["speed=blitz|rapid", "color=white"];
        expect(withBucket(only, "speed", "bullet")).toEqual(["color=white", "speed=bullet"]);
        expect(withBucket(only, "speed", "")).toEqual(["color=white"]);
    });
});
