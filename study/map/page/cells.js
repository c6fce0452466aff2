/* The numbers in the tables: counted again when somebody filters, in the page's own elements. */

const cells = [];
const PAINTERS = { dot: paintDot, total: paintTotal, count: paintCount, unit: paintUnit, stance: paintStances, bar: paintBar };

function gatherCells() {
  for (const element of document.querySelectorAll("a.cell")) {
    const { target } = readAddress(element.getAttribute("href"));
    cells.push({ element, target, look: element.dataset.look, about: element.dataset.about, folded: element.closest("details") });
  }
  for (const folded of document.querySelectorAll("details.more")) {
    folded.addEventListener("toggle", () => folded.open && paint((cell) => cell.folded === folded));
  }
}

/* Count again and write; what is folded up waits until it is unfolded. */
function paintAll() {
  showColumns();
  paint((cell) => !cell.folded || cell.folded.open);
  compareRows();
}

function paint(wanted) {
  for (const cell of cells) if (cell.look !== "fixed" && wanted(cell)) paintCell(cell);
}

function paintCell(cell) {
  const chosen = choose(cell.target);
  const found = counted(cell.target, chosen);
  const { element } = cell;
  element.setAttribute("href", address(cell.target, state));
  element.setAttribute("aria-label", `${cell.about}: ${countSentence(found)}`);
  element.classList.toggle("none", !found.passages);
  PAINTERS[cell.look](element, found, cell.target, chosen);
}

function put(element, selector, text) {
  write(element.querySelector(selector), text);
}

function paintDot(element, found) {
  const circle = element.querySelector("circle");
  circle.setAttribute("r", found.masked ? 0 : radiusOf(found.people).toFixed(2));
  circle.setAttribute("class", `shade-${shadeOf(found.passages)}`);
  put(element, ".k", found.passages ? shareText(found) : NONE);
  put(element, ".n", found.passages ? countText(found) : "");
  put(element, ".m", remarkText(found));
}

function paintTotal(element, found) {
  put(element, ".k", shareText(found));
  put(element, ".n", countText(found));
  put(element, ".m", element.closest(".matrix") ? remarkText(found) : "");
}

function paintCount(element, found) {
  put(element, ".n", countText(found));
}

function paintUnit(element, found, target) {
  put(element, ".n", countText(found));
  const shade = target.code >= 0 && !found.masked ? liftShade(found.passages, lift(target)) : -1;
  element.querySelector(".n").setAttribute("class", `n lift-${shade}`);
}

function paintStances(element, found, target, chosen) {
  const tally = D.stances.map(() => 0);
  for (const item of chosen.items) tally[C.stance[item.codings[0]]] += 1;
  const marks = [];
  tally.forEach((number, stance) => {
    if (number) marks.push(sign(D.stances[stance]));
    if (number > 1) marks.push(el("span", { class: "n", text: number }));
  });
  element.replaceChildren(...(marks.length ? marks : [el("span", { class: "n", text: NONE })]));
}

function paintBar(element, found, target) {
  const { bar, longest } = D.scale;
  const wide = found.masked ? 0 : Math.min(bar, (bar * found.passages) / longest);
  const rect = element.querySelector("rect");
  const left = { contradicts: bar - wide, mixed: (bar - wide) / 2, supports: 0 }[VERDICTS[target.verdict]];
  rect.setAttribute("width", wide.toFixed(1));
  rect.setAttribute("x", found.masked ? 0 : left.toFixed(1));
  put(element, ".n", countText(found));
  put(element, ".k", found.passages ? shareText(found) : "");
}

/* Leave out what the filters leave out: groups, and codes of another sense of partnership. */
function showColumns() {
  const seen = (group) => state.only < 0 || group === state.only || group === state.versus;
  for (const part of document.querySelectorAll("[data-group]")) {
    part.hidden = !seen(Number(part.dataset.group));
  }
  document.querySelectorAll(".matrix thead th[data-group]").forEach((head) => {
    put(head, ".size", `n = ${sizes[Number(head.dataset.group)]}`);
  });
  document.querySelectorAll(".matrix thead .all").forEach((head) => put(head, ".size", `n = ${everybody()}`));
  for (const row of document.querySelectorAll("tr[data-code]")) row.hidden = !hasSense(Number(row.dataset.code));
  for (const table of document.querySelectorAll("table.matrix")) {
    table.closest(".scroll").hidden = !table.querySelector("tbody tr:not([hidden])");
  }
  emptySections();
}

function hasSense(code) {
  return state.sense < 0 || D.codes[code].practice === state.sense;
}

function emptySections() {
  for (const note of document.querySelectorAll("[data-empty]")) {
    const section = note.closest("section");
    const listed = cells.filter((cell) => section.contains(cell.element) && cell.target.code >= 0);
    const some = state.sense < 0 || listed.some((cell) => hasSense(cell.target.code));
    note.hidden = some;
    if (!some) write(note, `No code here belongs to “${D.practices[state.sense][0]}”, the sense that is chosen above.`);
    for (const box of section.querySelectorAll(".scroll")) box.hidden = !some;
  }
}

/* Two groups side by side: shares of participants on one line, and how far they are apart. */
function compareRows() {
  const both = state.versus >= 0;
  for (const part of document.querySelectorAll(".matrix .beside")) part.hidden = !both;
  if (!both) return;
  const head = `difference: ● ${D.groups[state.only]}, ■ ${D.groups[state.versus]}`;
  for (const part of document.querySelectorAll(".matrix th.beside")) write(part, head);
  for (const cell of cells) {
    const box = cell.look === "total" && cell.element.closest("tr")?.querySelector("td.beside");
    if (box) box.replaceChildren(...dumbbell(cell.target));
  }
}

function dumbbell(target) {
  const shares = [state.only, state.versus].map((group) => {
    const found = counted({ ...target, group }, choose({ ...target, group }));
    return found.masked || !found.of ? NaN : found.people / found.of;
  });
  if (shares.some(Number.isNaN)) return [el("span", { class: "quiet", text: NONE })];
  const [a, b] = shares.map((share) => 4 + 72 * share);
  const points = Math.round(100 * (shares[0] - shares[1]));
  const label = `${D.groups[state.only]} ${Math.round(100 * shares[0])} %, ${D.groups[state.versus]} ${Math.round(100 * shares[1])} %`;
  return [
    drawn(
      "svg",
      { width: 80, height: 14, viewBox: "0 0 80 14", role: "img", "aria-label": label },
      drawn("path", { class: "axis", d: "M4 7H76" }),
      drawn("path", { class: "span", d: `M${a} 7H${b}` }),
      drawn("circle", { class: "first", cx: a, cy: 7, r: 5 }),
      drawn("rect", { class: "second", x: b - 4, y: 3, width: 8, height: 8 }),
    ),
    el("span", { class: "points", text: points > 0 ? `+${points}` : String(points).replace("-", "−") }),
  ];
}
