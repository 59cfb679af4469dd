import { describe, expect, it } from "vitest";
import { linear, ticks } from "./scale";

describe("scales", () => {
    it("put the least at the start and the greatest at the end", () => {
        const x = linear([10, 30, 20], 100);
        expect([x(10), x(20), x(30)]).toEqual([0, 50, 100]);
        expect(linear([7], 100)(7)).toBe(50);
    });

    it("are marked with round values inside the range", () => {
        expect(ticks([83, 96.5])).toEqual([85, 90, 95]);
        expect(ticks([0, 1])).toHaveLength(6);
        expect(ticks([4])).toEqual([4]);
    });
});
