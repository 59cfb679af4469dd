import { openMembersPage } from "../../parts/boot";
import { NAMES } from "../../words/names";
import { TRAINING } from "../../words/parts";
import { words } from "../../words/words";
import Page from "./Page.svelte";

void openMembersPage(() => words.training, Page, NAMES, TRAINING);
