import { openMembersPage } from "../../parts/boot";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.admin, Page);
