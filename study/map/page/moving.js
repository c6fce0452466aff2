/* Moving with keys: one stop of the Tab key a table, arrow keys inside, Space as Enter. */

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function prepareMoving() {
  for (const table of document.querySelectorAll("main table")) oneStop([...table.querySelectorAll("a.cell")]);
  if (net) oneStop([...net.querySelectorAll("a.node")]);
  oneStop([...document.querySelectorAll(".curve a")]);
  document.addEventListener("keydown", (event) => {
    const link = event.target instanceof Element && event.target.closest("a.cell, a.node, .curve a, a.edge");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") press(event, link);
    else if (STEPS[event.key]) move(event, link);
  });
}

function oneStop(links) {
  links.forEach((link, at) => link.setAttribute("tabindex", at ? "-1" : "0"));
}

/* After filtering: where the one stop of a table is hidden now, or gone, another one is. */
function renewStops() {
  for (const table of document.querySelectorAll("main table")) {
    const links = [...table.querySelectorAll("a.cell")];
    const stops = links.filter((link) => link.getAttribute("tabindex") === "0" && !link.closest("[hidden]"));
    if (stops.length === 1) continue;
    oneStop(links);
    const first = links.find((link) => !link.closest("[hidden]"));
    if (first && first !== links[0]) [links[0], first].forEach((link, at) => link.setAttribute("tabindex", at ? "0" : "-1"));
  }
}

function press(event, link) {
  event.preventDefault();
  follow(link);
}

function follow(link) {
  opener = link;
  go(link.getAttribute("href"));
}

function move(event, link) {
  const next = link.closest("table") ? inTable(link, STEPS[event.key]) : beside(link, STEPS[event.key]);
  event.preventDefault();
  if (!next) return;
  link.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

function inTable(link, [down, right]) {
  const cell = link.closest("td");
  if (right) return sideways(cell, right);
  let row = cell.parentElement;
  do row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  while (row && (row.hidden || !row.cells[cell.cellIndex]?.querySelector("a.cell")));
  return row && row.cells[cell.cellIndex].querySelector("a.cell");
}

function sideways(cell, right) {
  do cell = right > 0 ? cell.nextElementSibling : cell.previousElementSibling;
  while (cell && (cell.hidden || !cell.querySelector("a.cell")));
  return cell && cell.querySelector("a.cell");
}

/* In a drawing: the nearest one in that direction. */
function beside(link, [down, right]) {
  const all = [...link.closest("svg").querySelectorAll(link.matches(".node") ? "a.node" : "a.bar")];
  const middle = (one) => {
    const box = (one.querySelector("g") || one).getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [x, y] = middle(link);
  let best = null;
  let least = Infinity;
  for (const one of all) {
    const [otherX, otherY] = middle(one);
    const [ahead, aside] = right ? [(otherX - x) * right, Math.abs(otherY - y)] : [(otherY - y) * down, Math.abs(otherX - x)];
    const far = ahead + 2 * aside;
    if (one !== link && ahead > 1 && far < least) [best, least] = [one, far];
  }
  return best;
}
