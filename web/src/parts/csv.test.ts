import { describe, expect, it } from "vitest";
import { asCsv } from "./csv";

describe("a table for spreadsheets", () => {
    it("has a line a row, and quotes where they are needed", () => {
        const text = asCsv(
            ["name", "n"],
            [
                ["a", 1.5],
                ['say "b", c', null],
                ["d\ne", true],
            ],
        );
        expect(text).toBe('name,n\r\na,1.5\r\n"say ""b"", c",\r\n"d\ne",true\r\n');
    });

    it("has no formula that somebody's name has smuggled in", () => {
        expect(asCsv(["x"], [['=HYPERLINK("x"),1'], ["-1"], [-1]])).toBe(
            'x\r\n"\'=HYPERLINK(""x""),1"\r\n\'-1\r\n-1\r\n',
        );
    });
});
