/** Light or dark: as the user has chosen here, else as the system says. */
const KEY = "theme";
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

export type Theme = "light" | "dark" | "system";

export function chosenTheme(): Theme {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
}

export function chooseTheme(theme: Theme): void {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
    showTheme();
}

export function showTheme(): void {
    const theme = chosenTheme();
    const isDark = theme === "dark" || (theme === "system" && SYSTEM.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

SYSTEM.addEventListener("change", showTheme);
