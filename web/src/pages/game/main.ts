import { openMembersPage } from "../../parts/boot";
import { RULES } from "../../words/parts";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.oneGame, Page, RULES);
