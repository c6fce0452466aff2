/* What is counted: chosen in the bar, kept in the address. */

const tools = byId("tools");

function prepareFilters() {
  if (!tools) return;
  tools.addEventListener("submit", (event) => event.preventDefault());
  for (const name of FILTERS) if (byId(name)) byId(name).addEventListener("change", chooseFilters);
  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 200);
  });
  byId("print").addEventListener("click", () => window.print());
  byId("theme").addEventListener("click", turnTheme);
}

function chooseFilters() {
  const next = { ...ALL };
  for (const name of ["only", "versus", "stance"]) next[name] = byId(name).selectedIndex - 1;
  if (next.stance >= 0) next.stance = D.stances.indexOf(byId("stance").value);
  if (byId("sense")) next.sense = byId("sense").selectedIndex - 1;
  next.coder = byId("coder").selectedIndex;
  if (next.versus >= 0 && (next.only < 0 || next.only === next.versus)) next.only = next.versus === 0 ? 1 : 0;
  if (next.only === next.versus || next.only >= D.groups.length) next.versus = -1;
  const { target } = readAddress(location.hash);
  go(address(target, next));
}

function search() {
  const words = byId("search").value.trim();
  const { target } = readAddress(location.hash);
  if (words) go(address({ kind: "search", words }, state), target && target.kind === "search");
  else if (target && target.kind === "search") go(address(null, state));
}

/* Show in the bar what the address says. */
function showFilters(target) {
  if (!tools) return;
  for (const name of ["only", "versus", "stance", "sense"]) if (byId(name)) byId(name).selectedIndex = state[name] + 1;
  byId("coder").selectedIndex = state.coder;
  const typing = document.activeElement === byId("search");
  if (!typing) byId("search").value = target && target.kind === "search" ? target.words : "";
  byId("state").replaceChildren(...(isFiltered() ? filterNote() : []));
  byId("state").hidden = !isFiltered();
}

/* What is counted, and the way back to all of it. */
function filterNote() {
  const clear = el("button", { type: "button", class: "quiet", text: "Show everything", run: () => go(address(readAddress(location.hash).target, ALL)) });
  return [filterSentence(), " ", clear];
}

function filterSentence() {
  const parts = [];
  if (state.only >= 0) parts.push(state.versus >= 0 ? `${D.groups[state.only]} beside ${D.groups[state.versus]}` : D.groups[state.only]);
  if (state.sense >= 0) parts.push(`codes of “${D.practices[state.sense][0]}”`);
  if (state.stance >= 0) parts.push(`${D.stances[state.stance]} passages`);
  if (state.coder > 0) parts.push(`codings of ${D.coders[state.coder].name}`);
  return `Counted here: ${parts.join("; ")}. Agreement and saturation are those of the whole study.`;
}

const THEMES = ["system", "light", "dark"];

function turnTheme() {
  const root = document.documentElement;
  const next = THEMES[(THEMES.indexOf(root.dataset.theme || "system") + 1) % THEMES.length];
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
  for (const name of ["aria-label", "title"]) byId("theme").setAttribute(name, `Theme: ${next}`);
  say(`Theme: ${next}`);
}
