/* The network under filters: the same places, other sizes, and the pairs that are strongest now. */

const net = byId("net");
const nodes = new Map();
const wholeSentence = net && byId("drawn").textContent;

function prepareNetwork() {
  if (!net) return;
  for (const element of net.querySelectorAll("a.node")) {
    nodes.set(Number(element.dataset.code), { element, at: [Number(element.dataset.x), Number(element.dataset.y)] });
  }
}

function paintNetwork() {
  if (!net) return;
  for (const [code, node] of nodes) paintNode(code, node);
  const pairs = strongest();
  byId("edges").replaceChildren(...[...pairs].reverse().map(edge));
  byId("pairs").replaceChildren(...pairs.map(pairRow));
  write(byId("drawn"), isFiltered() ? drawnSentence(pairs.length) : wholeSentence);
}

function drawnSentence(pairs) {
  const codes = [...nodes.keys()].filter((code) => codingsOf(code).length).length;
  return `${many(codes, "code")} and the ${pairs === 1 ? "" : `${pairs} `}strongest ${plural(pairs, "pair")}`;
}

function paintNode(code, { element, at }) {
  const target = { kind: "code", as: "code", code };
  const found = counted(target, choose(target));
  const { smallest, biggest, most } = D.scale;
  const radius = found.passages && !found.masked ? Math.max(smallest, biggest * Math.sqrt(found.passages / most)) : 1;
  element.querySelector("g").setAttribute("transform", `translate(${at[0]} ${at[1]}) scale(${radius.toFixed(2)})`);
  element.classList.toggle("none", !found.passages);
  element.setAttribute("href", address(target, state));
  element.setAttribute("aria-label", `${D.codes[code].name}: ${many(found.passages, "passage")}`);
}

/* Pairs of the codes drawn, by Jaccard index; those that too few participants speak of are left out. */
function strongest() {
  const found = [];
  for (const [key, people] of meetings()) {
    const [code, other] = [Math.floor(key / D.codes.length), key % D.codes.length];
    if (people.size < D.scale.least) continue;
    const target = { kind: "pair", code, other };
    const count = counted(target, choose(target));
    if (!count.masked) found.push({ target, count, jaccard: jaccard(code, other), key });
  }
  found.sort((a, b) => b.jaccard - a.jaccard || b.count.passages - a.count.passages || a.key - b.key);
  return found.slice(0, D.scale.pairs);
}

/* Pair -> the participants in whose turns its codes meet. */
function meetings() {
  const byTurn = new Map();
  for (const code of [...nodes.keys()].sort((a, b) => a - b)) {
    for (const turn of turnsOf(code).keys()) {
      if (byTurn.has(turn)) byTurn.get(turn).push(code);
      else byTurn.set(turn, [code]);
    }
  }
  const pairs = new Map();
  for (const [turn, codes] of byTurn) {
    codes.forEach((code, at) => {
      for (const other of codes.slice(at + 1)) {
        const key = code * D.codes.length + other;
        if (!pairs.has(key)) pairs.set(key, new Set());
        pairs.get(key).add(T.who[turn]);
      }
    });
  }
  return pairs;
}

function pairName({ code, other }) {
  return `${D.codes[code].name} with ${D.codes[other].name}`;
}

function edge({ target, count, jaccard: value }) {
  const [[x1, y1], [x2, y2]] = [nodes.get(target.code).at, nodes.get(target.other).at];
  const { thin, thick } = D.scale;
  const wide = Math.min(thick, thin + ((thick - thin) * value) / D.scale.jaccard).toFixed(2);
  const line = { x1, y1, x2, y2 };
  const label = `${pairName(target)}: ${countSentence(count)}`;
  const link = { href: address(target, state), class: "edge", "aria-label": label, tabindex: "-1" };
  return drawn("a", link, drawn("line", { class: "touch", ...line }), drawn("line", { ...line, "stroke-width": wide }));
}

function pairRow({ target, count, jaccard: value }) {
  const label = `${pairName(target)}: ${countSentence(count)}`;
  const link = el("a", { class: "cell count", href: address(target, state), "aria-label": label }, el("span", { class: "n", text: countText(count) }));
  return el(
    "tr",
    {},
    el("td", { dir: "auto", text: D.codes[target.code].name }),
    el("td", { dir: "auto", text: D.codes[target.other].name }),
    el("td", {}, link),
    el("td", { class: "number", text: shareText(count) }),
    el("td", { class: "number", text: value.toFixed(3) }),
  );
}
