import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import * as parts from "./parts";

const PAGES = fileURLToPath(new URL("../pages", import.meta.url));
const IMPORTED = /(?:from|import\() ?"(\.[^"]+)"/g;
const SAID = /\bwords\.(\w+)/g;

/** A page's first file, and all of ours that those import in turn. */
function filesOf(page: string): string[] {
    const found = [join(PAGES, page, "main.ts")];
    for (const file of found) {
        for (const [, path] of readFileSync(file, "utf8").matchAll(IMPORTED)) {
            const to = join(dirname(file), path as string);
            const named = [to, `${to}.ts`].find((it) =>
                statSync(it, { throwIfNoEntry: false })?.isFile(),
            );
            const isOurs = named && /\.(ts|svelte)$/.test(named) && !named.includes("/words/");
            if (isOurs && !found.includes(named)) found.push(named);
        }
    }
    return found;
}

/** What a page's first file asks for, beside what every page has. */
async function wordsOf(page: string): Promise<Set<string>> {
    const main = readFileSync(join(PAGES, page, "main.ts"), "utf8");
    const asked = Object.entries(parts).filter(([name]) => new RegExp(`\\b${name}\\b`).test(main));
    const loaded = await Promise.all(asked.map(([, part]) => part.en?.()));
    return new Set([en, ...loaded].flatMap((it) => Object.keys(it ?? {})));
}

describe("the words of a page", () => {
    it.each(readdirSync(PAGES))("are all loaded by %s", async (page) => {
        const there = await wordsOf(page);
        const files = filesOf(page);
        expect(files.length).toBeGreaterThan(3);
        const lacking = files.flatMap((file) =>
            [...readFileSync(file, "utf8").matchAll(SAID)]
                .map(([, word]) => word as string)
                .filter((word) => !there.has(word))
                .map((word) => `${file}: ${word}`),
        );
        expect(lacking).toEqual([]);
    });

    it("have no name twice", async () => {
        const all = await Promise.all(Object.values(parts).map((part) => part.en?.()));
        const said = [en, ...all].flatMap((it) => Object.keys(it ?? {}));
        expect(new Set(said).size).toBe(said.length);
    });
});
