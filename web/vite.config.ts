import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const PAGES = [
    "index",
    "games",
    "game",
    "insights",
    "training",
    "jobs",
    "settings",
    "admin",
    "shared",
    "trend",
    "openings",
    "time",
];
/** Where a page's sources are not called as it is. */
const FOLDERS: Record<string, string> = { index: "home" };
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The engine lies apart: the server lets it, and nothing else, run WebAssembly.
const folderOf = (names: string[]) =>
    names.some((it) => it.startsWith("stockfish") || it.startsWith("Copying")) ? "engine/" : "";

/** Every page is one and the same file, but for the script that it begins with. */
function pagesFromOne(): Plugin {
    const template = readFileSync(here("page.html"), "utf8");
    const content = (page: string) => template.replace("{page}", FOLDERS[page] ?? page);
    const pageOf = (path: string) => PAGES.find((page) => path.endsWith(`/${page}.html`));
    return {
        name: "pages-from-one",
        enforce: "pre",
        resolveId: (id) => (pageOf(id) ? id : null),
        load(id) {
            const page = pageOf(id);
            return page ? content(page) : null;
        },
        configureServer(server) {
            server.middlewares.use(async (request, response, next) => {
                const path = request.url?.split("?")[0] ?? "";
                const page = path === "/" ? "index" : pageOf(path);
                if (!page) return next();
                response.setHeader("Content-Type", "text/html");
                response.end(await server.transformIndexHtml(`/${page}.html`, content(page)));
            });
        },
    };
}

export default defineConfig({
    plugins: [pagesFromOne(), svelte()],
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
