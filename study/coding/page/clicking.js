/** Pointing at stripes: hovering lights a passage, a click brings its coding into focus. */

/** @param {any} app */
export function listenToStripes(app) {
  const { turns } = app.view;
  turns.addEventListener("click", (event) => clicked(app, event));
  for (const type of ["pointerover", "focusin"]) turns.addEventListener(type, (event) => over(app, event));
  for (const type of ["pointerout", "focusout"]) turns.addEventListener(type, (event) => out(app, event));
}

function clicked(app, event) {
  const more = event.target.closest("[data-more]");
  const stripe = event.target.closest(".stripe");
  if (more) {
    const { start, end } = app.store.talk.turns[Number(more.dataset.more)];
    app.selectPassage({ start, end });
  } else if (stripe) {
    focusStripe(app, stripe.dataset.id, event.shiftKey || event.ctrlKey || event.metaKey);
  }
}

/** With Shift or Ctrl several codings are in focus at once. */
function focusStripe(app, id, several) {
  const { store } = app;
  const { focused } = store;
  store.setSelection(null);
  const ids = !several ? [id] : focused.includes(id) ? focused.filter((other) => other !== id) : [...focused, id];
  app.focus(ids, { reveal: false });
}

function over(app, event) {
  const stripe = event.target.closest?.(".stripe");
  if (stripe) app.light([stripe.dataset.id]);
}

function out(app, event) {
  if (event.target.closest?.(".stripe")) app.light([]);
}
