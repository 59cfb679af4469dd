/** From values to places in a drawing. */

/** A scale whose least and greatest value lie at 0 and `length`; one value lies in the middle. */
export function linear(values: readonly number[], length: number): (value: number) => number {
    const least = Math.min(...values);
    const most = Math.max(...values);
    return (value) => (most > least ? (length * (value - least)) / (most - least) : length / 2);
}

/** Round values, at most so many, within the range: what an axis is marked with. */
export function ticks(values: readonly number[], most = 5): number[] {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    if (!(greatest > least)) return [least];
    const rough = (greatest - least) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough) ?? rough;
    const first = Math.ceil(least / step);
    const last = Math.floor(greatest / step);
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}
