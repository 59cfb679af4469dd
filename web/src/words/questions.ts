/** What can be asked, and what is advised, in the user's language; see `names.ts`. */
import type { Schemas } from "../api/api";
import { cutWords } from "./names";
import type { Part } from "./parts";

export interface Questions {
    /** Name and meaning. */
    metrics: Record<string, readonly [string, string]>;
    presets: Record<string, string>;
    units: Record<string, string>;
    steps: Record<Schemas["StepKind"], (about: string, drills: number) => string>;
    /** Who the others of one's level are. */
    origin(words: string): string;
}

let questions: Questions | undefined;

/** Loaded like words, though pages ask the functions below. */
export const QUESTIONS: Part = {
    de: async () => {
        questions = (await import("./questions.de")).questions;
        return {};
    },
};

type Named = { key: string; name: string; about: string };
export const metricName = (it: Named) => questions?.metrics[it.key]?.[0] ?? it.name;
export const metricAbout = (it: Named) => questions?.metrics[it.key]?.[1] ?? it.about;
export const unitName = (unit: string) => questions?.units[unit] ?? unit;
export const presetWords = (it: Schemas["PresetView"]) => questions?.presets[it.key] ?? it.words;
export const originWords = (english: string) => questions?.origin(english) ?? english;

export function stepWords(finding: Schemas["FindingView"]): string {
    const { kind, drills, words } = finding.step;
    return questions?.steps[kind](cutWords(finding.cut), drills) ?? words;
}
