import { openMembersPage } from "../../parts/boot";
import { NAMES } from "../../words/names";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.training, Page, NAMES);
