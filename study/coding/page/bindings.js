/** The keyboard map.  What is listed here is bound, and is what `?` shows. */

const MOVE = "Moving";
const SELECT = "Selecting";
const CODE = "Coding";
const EDIT = "The coding in focus";
const PAGE = "Page";

/**
 * Bind the keys.
 * @param {any} app
 */
export function bindKeys(app) {
  const { moving, actions } = app;
  const row = (group, keys, label, run, more = {}) => app.bind({ group, keys, label, run, ...more });
  bindMoving(app, row, moving);
  bindSelecting(app, row, moving);
  bindCoding(app, row, actions);
  bindPage(app, row, actions);
}

function bindMoving(app, row, moving) {
  row(MOVE, ["j", "ArrowDown"], "next turn", () => moving.turn(1));
  row(MOVE, ["k", "ArrowUp"], "previous turn", () => moving.turn(-1));
  row(MOVE, ["Home"], "first turn", () => moving.edge(false));
  row(MOVE, ["End"], "last turn", () => moving.edge(true));
  row(MOVE, ["u"], "next uncoded turn", () => moving.uncoded(1));
  row(MOVE, ["Shift+u"], "previous uncoded turn", () => moving.uncoded(-1));
  row(MOVE, ["]"], "next coding", () => moving.coding(1));
  row(MOVE, ["["], "previous coding", () => moving.coding(-1));
  row(MOVE, ["}"], "next coding of the same code", () => moving.coding(1, true));
  row(MOVE, ["{"], "previous coding of the same code", () => moving.coding(-1, true));
  row(MOVE, ["g"], "go to a line", () => moving.line());
}

function bindSelecting(app, row, moving) {
  const selecting = () => Boolean(app.actions.resizing);
  row(SELECT, ["Enter"], "keep the new ends of a coding", () => app.endResizing(true), { when: selecting });
  row(SELECT, ["Enter", " "], "select the turn; with a selection, choose a code", () => app.enter());
  row(SELECT, ["ArrowRight"], "select the next word", () => moving.word(1));
  row(SELECT, ["ArrowLeft"], "select the previous word", () => moving.word(-1));
  row(SELECT, ["Shift+ArrowRight"], "one word more", () => moving.extend("word", 1));
  row(SELECT, ["Shift+ArrowLeft"], "one word less", () => moving.extend("word", -1));
  row(SELECT, ["Shift+ArrowDown"], "one sentence more", () => moving.extend("sentence", 1));
  row(SELECT, ["Shift+ArrowUp"], "one sentence less", () => moving.extend("sentence", -1));
  row(SELECT, ["Shift+PageDown"], "one turn more", () => moving.extend("turn", 1));
  row(SELECT, ["Shift+PageUp"], "one turn less", () => moving.extend("turn", -1));
  row(SELECT, ["Alt+Shift+ArrowRight"], "the other end, one word on", () => moving.extend("word", 1, true));
  row(SELECT, ["Alt+Shift+ArrowLeft"], "the other end, one word back", () => moving.extend("word", -1, true));
  row(SELECT, ["Mod+Shift+ArrowRight"], "one character on", () => moving.extend("grapheme", 1));
  row(SELECT, ["Mod+Shift+ArrowLeft"], "one character back", () => moving.extend("grapheme", -1));
  row(SELECT, ["o"], "let the other end move", () => moving.swap());
  row(SELECT, ["s"], "to whole sentences, then one more", () => moving.whole("sentence"));
  row(SELECT, ["t"], "to whole turns, then one more", () => moving.whole("turn"));
  row(SELECT, ["Escape"], "let go of what is selected", () => app.escape());
}

function bindCoding(app, row, actions) {
  const { applying } = app;
  row(CODE, ["c"], "choose a code by its letters (+ - * 0 after a space: stance)", () => applying.openPalette());
  const digits = Array.from({ length: 9 }, (_, index) => String(index + 1));
  row(CODE, digits, "the code on this number", (event) => applying.useSlot(Number(event.key)), { shown: ["1", "…", "9"] });
  const pin = (event) => applying.togglePin(app.recents.slot(Number(event.code.slice(-1))));
  row(CODE, digits.map((digit) => `Alt+${digit}`), "keep the code on this number, or let it go", pin, { shown: ["Alt+1", "…"] });
  row(CODE, ["i"], "in-vivo code: the selected words name a new code", () => applying.inVivo());
  row(EDIT, ["Delete", "Backspace"], "remove", () => actions.remove());
  row(EDIT, ["r"], "change the code", () => applying.openRecode());
  row(EDIT, ["+", "="], "stance positive (again: none)", () => actions.setStance("positive"));
  row(EDIT, ["-"], "stance negative", () => actions.setStance("negative"));
  row(EDIT, ["*"], "stance mixed", () => actions.setStance("mixed"));
  row(EDIT, ["0"], "stance neutral", () => actions.setStance("neutral"));
  row(EDIT, ["m"], "memo", () => app.focusMemo());
}

function bindPage(app, row, actions) {
  row(PAGE, ["Mod+z"], "undo", () => actions.step("past"));
  row(PAGE, ["Mod+Shift+z", "Mod+y"], "redo", () => actions.step("future"));
  row(PAGE, ["/"], "find", () => app.find.focus());
  row(PAGE, ["n"], "next hit", () => app.find.step(1));
  row(PAGE, ["Shift+n"], "previous hit", () => app.find.step(-1));
  row(PAGE, ["f"], "filter", () => app.filters.toggle());
  row(PAGE, ["b"], "search the codebook", () => app.focusCodebook());
  row(PAGE, ["l"], "list of transcripts", () => app.focusList());
  row(PAGE, ["Shift+m"], "memo on the transcript", () => app.heading.openMemo());
  row(PAGE, ["Shift+d"], "mark the transcript as gone through", () => app.takeTranscript());
  row(PAGE, ["?"], "this map", () => app.openKeyMap());
}
