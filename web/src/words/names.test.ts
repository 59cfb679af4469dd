import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/api";
import { names } from "./names.de";
import { questions } from "./questions.de";

const read = (path: string) =>
    JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"));
/** What the API can give, as its description says. */
const API = read("../../../docs/reference/openapi.json");
const CATALOGUE: Schemas["Catalogue"] =
    API.paths["/api/v1/insights/catalogue"].get.responses["200"].content["application/json"]
        .example;
const enumOf = (name: string): string[] => API.components.schemas[name].enum;

const keys = (all: object) => Object.keys(all).sort();
const keysOf = (all: { key: string }[]) => all.map((it) => it.key).sort();
const labels = new Set([
    ...CATALOGUE.dimensions.flatMap((it) => it.buckets),
    ...CATALOGUE.metrics.flatMap((it) => it.parts),
    ...enumOf("Difficulty"),
]);
/** Words that no German label has. */
const ENGLISH =
    /\b(to|and|the|under|below|above|more|than|later|of|games?|moves?|points?|days?|wins?|loss(es)?|ahead|behind|good|own|their)\b/;

describe("in English, what the API can give", () => {
    it("has a name and a meaning, each name once", () => {
        for (const all of [CATALOGUE.metrics, CATALOGUE.dimensions]) {
            expect(all.filter((it) => !it.name || !it.about)).toEqual([]);
        }
        expect(CATALOGUE.presets.filter((it) => !it.words)).toEqual([]);
        expect(labels.size).toBeGreaterThan(150);
    });
});

describe("in German, what the API can give", () => {
    it("has words for every key, and for no other", () => {
        expect(keys(questions.metrics)).toEqual(keysOf(CATALOGUE.metrics));
        expect(keys(names.dimensions)).toEqual(keysOf(CATALOGUE.dimensions));
        expect(keys(questions.presets)).toEqual(keysOf(CATALOGUE.presets));
        expect(keys(questions.steps)).toEqual(enumOf("StepKind").toSorted());
        const units = new Set(CATALOGUE.metrics.map((it) => it.unit).filter(Boolean));
        expect(keys(questions.units)).toEqual([...units].sort());
    });

    it("tells different things by different names", () => {
        const metrics = Object.values(questions.metrics).map(([name]) => name);
        for (const said of [metrics, Object.values(names.dimensions)]) {
            expect(new Set(said).size).toBe(said.length);
        }
    });

    it("has words for every bucket", () => {
        const said = [...labels].map(names.bucket);
        expect(said.filter((it) => ENGLISH.test(it))).toEqual([]);
        // What stays as it is are numbers, hours and proper names.
        const same = [...labels].filter((it) => names.bucket(it) === it && /[a-z]/i.test(it));
        expect(same).toEqual([]);
        expect(names.bucket("-1.75 to -0.81")).toBe("-1,75 bis -0,81");
        expect(names.bucket("4 to 6 behind")).toBe("4 bis 6 weniger");
    });

    it("says who the others of a level are", () => {
        const others = "other players of this server, rated 1400 to 1600 at blitz on lichess";
        expect(questions.origin(others)).toContain("1400 bis 1600 Punkten (Blitz, Lichess)");
        expect(questions.origin("masters")).toBe("masters");
    });
});
