/** When a panel for two coders asks the server, and asks again: another transcript, pair or change on disk. */

import { el } from "./dom.js";

const PAUSE = 400;

/** Keeps what a panel shows fresh, and asks for nothing that the coder has not agreed to see. */
export class Reader {
  /**
   * @param {{app: any, panel: string, container: HTMLElement, pair: import("./pair.js").Pair, closed: () => void, opened?: () => void,
   *   ask: (where: {source: string, a: string, b: string}) => Promise<any>, show: (answer: any) => void}} how
   */
  constructor(how) {
    Object.assign(this, { ...how, visible: true, stale: true, number: 0, problem: "" });
  }

  /** Listen, and ask for the first time. */
  start() {
    const { app, pair } = this;
    app.on("panel", (name) => this.#turn(name === this.panel));
    app.on("transcript", () => this.renew());
    app.on("codings", () => this.#soon());
    app.on("changed", (news) => this.#heard(news));
    pair.on("change", () => this.renew());
    pair.on("allowed", (source) => source === app.store.talk?.source && this.#allow());
    this.renew();
  }

  #turn(visible) {
    if (visible === this.visible) return;
    this.visible = visible;
    if (!visible) this.closed();
    else this.renew();
  }

  /** The button that was pressed is gone: the focus goes to what it opened. */
  async #allow() {
    const focused = this.container.contains(document.activeElement) || document.activeElement === document.body;
    await this.renew();
    if (focused && this.visible) this.opened?.();
  }

  #heard({ what, sources }) {
    const here = !sources?.length || sources.includes(this.app.store.talk?.source);
    if (here && what.some((one) => one === "codings" || one === "codebook")) this.#soon();
  }

  /** Own codings come many at a time: ask when they pause. */
  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.renew(), PAUSE);
  }

  /** Ask again, if the panel is seen. */
  async renew() {
    const { app, pair, visible } = this;
    const source = app.store.talk?.source;
    this.number += 1;
    const mine = this.number;
    this.problem = "";
    if (!visible) return;
    if (!source || !pair.whole || pair.asks(source)) {
      this.show(null);
      return;
    }
    const first = !app.store.study.transcripts.find((one) => one.name === source)?.compared;
    const answer = await this.#asked({ source, a: pair.a, b: pair.b }, mine);
    if (mine !== this.number) return;
    this.show(answer);
    if (answer && first) app.refresh("study");
  }

  async #asked(where, mine) {
    try {
      return await this.ask(where);
    } catch (error) {
      if (mine === this.number) this.problem = error.message;
      return null;
    }
  }

  /** @returns {HTMLElement} what went wrong, and a way to try again */
  trouble() {
    const again = el("button", { class: "button", data: { key: "again" }, text: "Try again", on: { click: () => this.renew() } });
    return el("div", { class: "view-problem", role: "alert" }, el("p", { text: this.problem }), again);
  }
}
