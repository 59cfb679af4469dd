/** What openings tell, as columns of files. */
import type { Schemas } from "../../api/api";
import type { Cell } from "../../parts/csv";

export interface CsvFile<T> {
    columns: string[];
    cells: (it: T) => Cell[];
}

type Measured = Schemas["Measured"] | null;

const measured = (name: string) => [name, `${name}_low`, `${name}_high`];
const numbers = (it: Measured): Cell[] => [it?.value, it?.low, it?.high];
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

export const COSTS: CsvFile<Schemas["OpeningCost"]> = {
    columns: ["opening", "color", "games", ...measured("score"), ...measured("loss")],
    cells: (it) => [it.name, it.color, it.games, ...numbers(it.score), ...numbers(it.loss)],
};

export const EXITS: CsvFile<Schemas["TheoryExit"]> = {
    columns: [
        "opening",
        "color",
        "san",
        "uci",
        "is_mine",
        "games",
        ...measured("score"),
        ...measured("loss"),
        ...measured("eval_cp"),
    ],
    cells: (it) => [
        it.opening,
        it.color,
        it.seen[0]?.san,
        it.uci,
        it.is_mine,
        it.games,
        ...numbers(it.score),
        ...numbers(it.loss),
        ...numbers(it.eval_cp),
    ],
};

export const REPEATED: CsvFile<Schemas["RepeatedMistake"]> = {
    columns: ["opening", "color", "san", "uci", "times", "times_there", "loss", "points", "last"],
    cells: (it) => [
        it.opening,
        it.color,
        it.seen[0]?.san,
        it.uci,
        it.times,
        it.times_there,
        it.loss,
        it.points,
        iso(it.last_ms),
    ],
};
