import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const PAGES = ["index", "games", "game", "insights", "training", "jobs", "settings", "shared"];
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The engine lies apart: the server lets it, and nothing else, run WebAssembly.
const folderOf = (names: string[]) =>
    names.some((it) => it.startsWith("stockfish") || it.startsWith("Copying")) ? "engine/" : "";

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
            output: {
                assetFileNames: (file) => `assets/${folderOf(file.names)}[name]-[hash][extname]`,
            },
        },
    },
    server: {
        proxy: { "/api": "http://127.0.0.1:8000" },
    },
});
