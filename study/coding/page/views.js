/** The panels on the right, in the order of their tabs: import a panel's `mount` function and list it. */

import { mountCodebook } from "./codebook.js";
import { mountCompare } from "./compare.js";
import { mountConsensus } from "./consensus.js";
import { mountMemos } from "./memos.js";
import { mountProposals } from "./proposals.js";

/** @type {import("./panels.js").Panel[]} */
export const VIEWS = [
  { name: "codebook", title: "Codebook", mount: mountCodebook },
  { name: "proposals", title: "Proposals", mount: mountProposals },
  { name: "memos", title: "Memos", mount: mountMemos },
  { name: "compare", title: "Compare", mount: mountCompare },
  { name: "consensus", title: "Consensus", mount: mountConsensus },
];
