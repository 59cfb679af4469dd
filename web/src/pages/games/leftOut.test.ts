import { describe, expect, it } from "vitest";
import { leftOutOf } from "./leftOut";

describe("what imports left out", () => {
    it("is counted over all of them, the most frequent reason first", () => {
        const left = leftOutOf([
            { already_there: 2, reasons: { "no moves": 1, variant: 3 } },
            { already_there: 0, reasons: { "no moves": 4 } },
        ]);
        expect(left).toEqual({
            total: 10,
            reasons: [
                ["no moves", 5],
                ["variant", 3],
            ],
            again: 2,
        });
        expect(leftOutOf([]).total).toBe(0);
    });
});
