import { openMembersPage } from "../../parts/boot";
import { NAMES } from "../../words/names";
import { INSIGHTS } from "../../words/parts";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.insightPages.time, Page, INSIGHTS, NAMES);
