import { describe, expect, it } from "vitest";
import { conditions, isFiltered, NOTHING_CHOSEN, readChoice, writeChoice } from "./choice";

describe("the choice of games", () => {
    it("is the same again after it was an address", () => {
        const choice = {
            ...NOTHING_CHOSEN,
            opponent: "zoë & co",
            speed: "blitz",
            sort: "-accuracy",
        };
        expect(readChoice(writeChoice(choice))).toEqual(choice);
        expect(writeChoice(NOTHING_CHOSEN)).toBe("");
    });

    it("asks for nothing where nothing is chosen", () => {
        expect(conditions(NOTHING_CHOSEN)).toEqual({});
        expect(isFiltered({ ...NOTHING_CHOSEN, sort: "rating" })).toBe(false);
    });

    it("tells codes of openings from names", () => {
        expect(conditions({ ...NOTHING_CHOSEN, opening: " b90 " })).toEqual({ eco: "b90" });
        expect(conditions({ ...NOTHING_CHOSEN, opening: "Benoni" })).toEqual({
            opening_part: "Benoni",
        });
    });

    it("means whole days where the user is", () => {
        const { since_ms, until_ms } = conditions({
            ...NOTHING_CHOSEN,
            since: "2022-03-01",
            until: "2022-03-01",
        });
        expect(since_ms).toBe(new Date(2022, 2, 1).getTime());
        expect((until_ms ?? 0) - (since_ms ?? 0)).toBe(24 * 60 * 60 * 1000);
    });

    it("takes no day that is none", () => {
        expect(conditions({ ...NOTHING_CHOSEN, since: "yesterday" })).toEqual({});
    });
});
