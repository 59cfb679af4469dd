/** Tables as comma-separated values, as spreadsheets read them. */

export type Cell = string | number | boolean | null | undefined;

export function asCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
    const lines = rows.map((row) => row.map(quoted).join(","));
    return [head.join(","), ...lines, ""].join("\r\n");
}

/** A word that begins like a formula is told as text: a spreadsheet would work it out. */
function quoted(value: Cell): string {
    if (value === null || value === undefined) return "";
    if (typeof value !== "string") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Let the browser save a table as a file. */
export function saveCsv(name: string, head: readonly string[], rows: readonly Cell[][]): void {
    const url = URL.createObjectURL(new Blob([asCsv(head, rows)], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(url);
}
