import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const PAGES = ["index", "games", "game", "insights", "jobs", "settings"];
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
    plugins: [svelte()],
    build: {
        outDir: here("../src/chess_analytics/web_build"),
        emptyOutDir: true,
        target: "es2022",
        // Everything is loaded from files: the pages' rules allow no inline script.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        rollupOptions: {
            input: Object.fromEntries(PAGES.map((page) => [page, here(`${page}.html`)])),
        },
    },
    server: {
        proxy: { "/api": "http://127.0.0.1:8000" },
    },
});
