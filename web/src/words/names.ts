/**
 * Names of dimensions and their buckets. The server says them in English; for another language
 * they are said anew, by their keys, and loaded by the pages that need them.
 */
import type { Schemas } from "../api/api";
import type { Part } from "./parts";

export interface Names {
    dimensions: Record<string, string>;
    /** Of a dimension whose buckets are known beforehand, or a part of shares. */
    bucket(label: string): string;
    or: string;
}

/** Their buckets are names: of openings, of people. */
const NAMED_BY_GAMES = new Set(["opening", "variation", "opponent", "eco", "month", "year"]);
const FEW_BUCKETS = 3;

let names: Names | undefined;

/** Loaded like words, though pages ask the functions below. */
export const NAMES: Part = {
    de: async () => {
        names = (await import("./names.de")).names;
        return {};
    },
};

export const dimensionName = (key: string, english: string) => names?.dimensions[key] ?? english;
export const partName = (part: string) => names?.bucket(part) ?? part;

export function bucketName(dimension: string | null | undefined, label: string): string {
    return !dimension || NAMED_BY_GAMES.has(dimension) ? label : partName(label);
}

export const bucketNames = (dimension: string, labels: readonly string[]) =>
    labels.map((it) => bucketName(dimension, it)).join(", ");

/** What a cut lets through, as «Clock left: under 5 s; Phase: endgame». */
export function cutWords(cut: Schemas["CutView"]): string {
    if (!names) return cut.words;
    return cut.filters.map((it) => `${dimensionName(it.dimension, "")}: ${several(it)}`).join("; ");
}

function several({ dimension, buckets }: Schemas["Filter"]): string {
    const said = buckets.map((it) => bucketName(dimension, it));
    if (said.length > FEW_BUCKETS) return `${said[0]} … ${said.at(-1)}`;
    const last = said.pop() ?? "";
    return said.length ? `${said.join(", ")} ${names?.or} ${last}` : last;
}
