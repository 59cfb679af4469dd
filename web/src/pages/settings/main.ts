import { openMembersPage } from "../../parts/boot";
import { SETTINGS } from "../../words/parts";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.settings, Page, SETTINGS);
