/** What stands above a transcript: its name, progress, memo, and ways to move on. */

import { el, write } from "./dom.js";

/**
 * @param {any} app
 * @param {HTMLElement} container
 */
export function mountHeading(app, container) {
  const { store } = app;
  const name = el("h1", { class: "talk-name" });
  const about = el("p", { class: "talk-about" });
  const progress = el("span", { class: "talk-progress" });
  const next = button("Next uncoded", "Next turn without a coding (u)", () => app.nextUncoded(1));
  const memo = button("Memo", "Memo on this transcript", () => open());
  const taken = button("Nothing to code here", "Mark as gone through, without codings (Shift+D)", () => app.takeTranscript());
  const tools = el("div", { class: "talk-tools" }, progress, next, memo, taken);
  const problem = el("p", { class: "talk-problem", role: "note", hidden: true });
  container.append(el("div", { class: "talk-head" }, el("div", {}, name, about), tools), problem);

  function open() {
    if (store.talk) app.openMemo("transcript", store.talk.source);
  }

  function draw() {
    const { talk } = store;
    container.hidden = !talk;
    if (!talk) return;
    write(name, talk.source);
    write(about, aboutOf(talk));
    const row = app.progress;
    write(progress, row ? `${row.coded_turns} of ${row.heard_turns} turns coded` : "");
    taken.hidden = !row || (row.taken && row.codings > 0); // codings say it by themselves
    taken.classList.toggle("on", Boolean(row?.taken));
    write(taken, row?.taken ? "✓ Gone through" : "Nothing to code here");
    problem.hidden = !row?.problem;
    write(problem, row?.problem ?? "");
    write(memo, store.memo.text ? "Memo ✎" : "Memo");
  }

  for (const event of ["transcript", "progress", "study", "memo"]) app.on(event, draw);
  draw();
  return { openMemo: open };
}

function button(text, title, click) {
  return el("button", { class: "button quiet", text, title, on: { click } });
}

function aboutOf({ participant, source, group, consent }) {
  const parts = [participant === source ? "" : participant, group];
  if (consent && consent !== "quote") parts.push(`${consent}: may be counted, not quoted`);
  return parts.filter(Boolean).join(" · ");
}
