import { openMembersPage } from "../../parts/boot";
import { NAMES } from "../../words/names";
import { INSIGHTS } from "../../words/parts";
import { QUESTIONS } from "../../words/questions";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.insights, Page, INSIGHTS, NAMES, QUESTIONS);
