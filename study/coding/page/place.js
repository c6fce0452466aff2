/** Where one is reading, in the address (`#P07/L35`) and in the browser's memory. */

/** Keeps the place, so that reload and back work. */
export class Place {
  /**
   * @param {any} app
   * @param {boolean} address whether the address is this page's own (in a notebook it is not)
   */
  constructor(app, address) {
    Object.assign(this, { app, address });
    this.scrolled = () => this.#later();
    this.popped = () => this.#go();
    if (address) addEventListener("popstate", this.popped);
  }

  /** Stop. */
  close() {
    clearTimeout(this.timer);
    removeEventListener("popstate", this.popped);
  }

  /** @returns {{source: string, line: number}} what the address names */
  read() {
    const match = this.address ? location.hash.match(/^#([^/]+)(?:\/L(\d+))?$/) : null;
    try {
      return match ? { source: decodeURIComponent(match[1]), line: Number(match[2] ?? 0) } : { source: "", line: 0 };
    } catch {
      return { source: "", line: 0 };
    }
  }

  /** @returns {number} how far the page was scrolled when it was left here, in pixels; -1 unknown */
  get depth() {
    const state = this.address ? history.state : null;
    return state?.hash === location.hash && Number.isFinite(state?.depth) ? state.depth : -1;
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 200);
  }

  /** Remember the line, for the next time that this transcript is opened. */
  remember() {
    const { store, view, memory } = this.app;
    if (!store.talk?.turns.length) return 0;
    const { line } = store.talk.turns[view.top];
    memory.set(`place ${store.talk.source}`, line);
    memory.set("last", store.talk.source);
    return line;
  }

  /** @param {boolean} [push] a new entry in the browser's history */
  keep(push = false) {
    const { store, view } = this.app;
    clearTimeout(this.timer);
    const line = this.remember();
    if (!this.address || !line || this.going) return;
    const hash = `#${encodeURIComponent(store.talk.source)}/L${line}`;
    const state = { hash, depth: view.scroll.scrollTop };
    if (push && location.hash !== hash) history.pushState(state, "", hash);
    else history.replaceState(state, "", hash);
  }

  async #go() {
    const { source, line } = this.read();
    if (!source) return;
    const { depth } = this;
    this.going = true; // the address is ahead of the page: it must not be written over
    await this.app.openSource(source, { line, quiet: true });
    this.going = false;
    if (depth >= 0) this.app.view.scroll.scrollTop = depth;
    this.keep();
  }
}
