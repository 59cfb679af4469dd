/** Whose games these may be: the names that appear most. */
interface Seats {
    white: string | null;
    black: string | null;
}

const MOST = 4;

/** Count the names, the most frequent first; a name of one game of many is nobody's archive. */
export function mostSeen(games: readonly Seats[]): { name: string; games: number }[] {
    const counts = new Map<string, number>();
    for (const { white, black } of games) {
        for (const name of new Set([white, black])) {
            if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
        }
    }
    const least = games.length > 2 ? 2 : 1;
    return [...counts]
        .map(([name, seen]) => ({ name, games: seen }))
        .filter((it) => it.games >= least)
        .sort((a, b) => b.games - a.games || a.name.localeCompare(b.name))
        .slice(0, MOST);
}
