/** What of all imports is not in the library, counted by its reason. */
import type { Import } from "../../api/api";

type Counted = Pick<Import, "already_there" | "reasons">;

export interface LeftOut {
    /** Entries in all, those that came again with them. */
    total: number;
    /** Reasons with their counts, the most frequent first. */
    reasons: [string, number][];
    again: number;
}

export function leftOutOf(imports: readonly Counted[]): LeftOut {
    const counts = new Map<string, number>();
    for (const { reasons } of imports) {
        for (const [reason, count] of Object.entries(reasons)) {
            counts.set(reason, (counts.get(reason) ?? 0) + count);
        }
    }
    const reasons = [...counts].sort(([, one], [, other]) => other - one);
    const again = imports.reduce((sum, it) => sum + it.already_there, 0);
    const total = reasons.reduce((sum, [, count]) => sum + count, again);
    return { total, reasons, again };
}
