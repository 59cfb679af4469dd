/** How every page begins: theme, words, who is there; then its component. */
import "../styles/base.css";
import { type Component, mount } from "svelte";
import { api, ask, type Schemas } from "../api/api";
import type { Part } from "../words/parts";
import { loadWords, words } from "../words/words";
import { keepFocus } from "./focus";
import Trouble from "./Trouble.svelte";
import { showLooks } from "./theme";

export interface Visit {
    about: Schemas["About"];
    /** Nobody on the page where one signs in; everywhere else somebody. */
    me: Schemas["Me"] | null;
}

export type Member = Visit & { me: Schemas["Me"] };

/** Show a page to whoever comes. */
export async function openPage(
    title: () => string,
    page: Component<Visit>,
    ...parts: Part[]
): Promise<void> {
    await begin(title, parts, (visit) => show(page, visit));
}

/** Show a page to who is signed in; send others to sign in, and back here. */
export async function openMembersPage(
    title: () => string,
    page: Component<Member>,
    ...parts: Part[]
): Promise<void> {
    await begin(title, parts, ({ about, me }) => {
        if (me) show(page, { about, me });
        else signInFirst();
    });
}

export function signInFirst(): void {
    const here = location.pathname + location.search;
    location.replace(`/?next=${encodeURIComponent(here)}`);
}

async function begin(
    title: () => string,
    parts: Part[],
    work: (visit: Visit) => void,
): Promise<void> {
    showLooks();
    // Words and server are asked at once; a refusal is told when there are words for it.
    const visiting = visit();
    visiting.catch(() => undefined);
    await loadWords(...parts);
    document.title = `${title()} · ${words.app}`;
    try {
        work(await visiting);
    } catch (error) {
        show(Trouble, { error, again: () => location.reload() });
    }
}

async function visit(): Promise<Visit> {
    const about = await ask(api.GET("/api/v1/about"));
    return { about, me: about.me };
}

function show<Props extends object>(page: Component<Props>, props: Props): void {
    const target = document.getElementById("page") as HTMLElement;
    keepFocus(target);
    mount(page as unknown as Component<Record<string, unknown>>, {
        target,
        props: props as Record<string, unknown>,
    });
}
