/* The page comes to life: every change of the address is read here, whoever made it. */

/* Go to an address; `instead` replaces the last one, so that Back does not lead through each letter. */
function go(hash, instead) {
  if (hash === location.hash) return arrive();
  if (hash && !instead) location.hash = hash;
  else {
    history[instead ? "replaceState" : "pushState"](null, "", hash || location.href.split("#")[0]);
    arrive();
  }
}

let before = JSON.stringify(ALL);

function arrive() {
  const { state: next, target, error } = readAddress(location.hash);
  if (JSON.stringify(next) !== before) {
    before = JSON.stringify(next);
    filterBy(next);
    paintAll();
    paintNetwork();
    renewStops();
  }
  showFilters(target);
  const talking = target && target.as === "discuss";
  if (!talking) closeTalk();
  if (error) showError(error);
  else if (target && !talking) showPanel(target);
  else closePanel();
  if (talking) showTalk(target);
}

/* Links to sections move the page and leave the address, which says what is counted, alone. */
function clicked(event) {
  const link = event.target instanceof Element && event.target.closest("a[href^='#']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const hash = link.getAttribute("href");
  if (hash.includes("=")) {
    if (link.matches(".cell, .node, .edge, .bar")) opener = link;
    if (hash === location.hash) arrive();
    return;
  }
  const section = byId(hash.slice(1));
  if (!section) return;
  event.preventDefault();
  section.scrollIntoView();
  section.focus({ preventScroll: true });
}

function start() {
  filterBy({ ...ALL });
  gatherCells();
  prepareNetwork();
  prepareFilters();
  prepareMoving();
  prepareTalk();
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !talk.open) go(address(null, state));
  });
  window.addEventListener("hashchange", arrive);
  document.documentElement.classList.add("alive");
  arrive();
}

start();
