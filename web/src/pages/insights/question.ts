/** A question to the insights, as the page's address says it. */
import type { Schemas } from "../../api/api";
import type { Cell } from "../../parts/csv";
import { bucketName, partName } from "../../words/names";

type Row = Schemas["AnswerRow"];

/** Either one in words, or one put together from a metric and dimensions. */
export interface Asked {
    preset: string;
    metric: string;
    by: string;
    then: string;
}

export const NOTHING_ASKED: Asked = { preset: "", metric: "", by: "", then: "" };
const NAMES = ["preset", "metric", "by", "then"] as const;

export function readAsked(search: string): Asked {
    const told = new URLSearchParams(search);
    const words = Object.fromEntries(NAMES.map((name) => [name, told.get(name) ?? ""]));
    return { ...NOTHING_ASKED, ...words };
}

/** What of it stands in an address. */
export const askedWords = (asked: Asked): [string, string][] =>
    NAMES.filter((name) => asked[name]).map((name) => [name, asked[name]]);

/** What a row is about: its buckets and part, joined. */
export const rowName = (row: Row, { by, then }: Schemas["Question"]): string =>
    [
        row.bucket && bucketName(by, row.bucket),
        row.second && bucketName(then, row.second),
        row.part && partName(row.part),
    ]
        .filter((it) => it !== null)
        .join(" · ");

/** Where the numbers of some rows begin and end, so that every bar starts at nothing. */
export function scaleOf(rows: readonly Row[]): { from: number; to: number } {
    const told = rows.filter((row) => !row.too_few);
    const numbers = told.flatMap((row) => [row.value ?? 0, row.low ?? 0, row.high ?? 0]);
    const from = Math.min(0, ...numbers);
    const to = Math.max(0, ...numbers);
    return { from, to: to > from ? to : from + 1 };
}

export const COLUMNS: (keyof Row)[] = [
    "bucket",
    "second",
    "part",
    "value",
    "low",
    "high",
    "games",
    "moves",
    "too_few",
];

/** The rows of an answer as cells of these columns. */
export const cellsOf = (rows: readonly Row[]): Cell[][] =>
    rows.map((row) => COLUMNS.map((name) => row[name]));
