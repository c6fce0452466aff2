/** Sending decisions: each with a request of its own, so that one sent twice is made once. */

import { newId } from "./dom.js";

const WAITS = [800, 1500, 3000, 6000, 12000];

/** Decides items of the consensus, tries again while the server is away, and keeps undo told. */
export class Decisions {
  /**
   * @param {any} app
   * @param {import("./pair.js").Pair} pair
   * @param {() => void} changed called when `trouble` has changed
   */
  constructor(app, pair, changed) {
    Object.assign(this, { app, pair, changed, busy: false, trouble: "" });
  }

  /**
   * Decide one item.
   * @param {any} item
   * @param {{decision: string, why: string, edit?: object}} how
   * @returns {Promise<any>} the answer; null where it was refused
   */
  async decide(item, how) {
    const [answer] = await this.#begin([item], how, `consensus on ${this.app.store.nameOf(item.code)}`, () => {});
    return answer ?? null;
  }

  /**
   * Decide several items alike; undo takes them back together.
   * @param {any[]} items
   * @param {{decision: string, why: string}} how
   * @param {(done: number) => void} tell
   * @returns {Promise<any[]>} the answers, as far as it went
   */
  decideAll(items, how, tell) {
    return this.#begin(items, how, `${items.length} exact agreements accepted`, tell);
  }

  #begin(items, how, label, tell) {
    const underway = this.#all(items, how, label, tell);
    this.app.actions.underway = underway;
    return underway;
  }

  async #all(items, how, label, tell) {
    const [answers, forward, back] = [[], [], []];
    this.busy = true;
    try {
      for (const item of items) {
        const parameters = this.#parameters(item, how);
        answers.push(await this.#send(parameters));
        forward.push(parameters);
        back.unshift(this.#parameters(item, former(this.app, item)));
        tell(answers.length);
      }
    } catch (error) {
      this.#tell(error.message);
    } finally {
      this.busy = false;
    }
    if (forward.length) this.app.undo.push({ kind: "calls", label, name: "decide", source: forward[0].source, forward, back });
    return answers;
  }

  #parameters(item, { decision, why, edit }) {
    const { source, version } = this.app.store.talk;
    const parameters = { source, version, a: this.pair.a, b: this.pair.b, key: item.key, decision, why, request: newId() };
    return edit ? { ...parameters, edit } : parameters;
  }

  /** The same request again and again, until there is an answer. */
  async #send(parameters) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await this.app.call("decide", parameters);
        this.#tell("");
        return answer;
      } catch (error) {
        if (!error.passing) throw error;
        this.#tell(`${error.message}. The decision is kept here and sent again; leave this tab open.`);
        await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(tries, WAITS.length - 1)]));
      }
    }
  }

  #tell(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.changed();
  }
}

/** Return how an item was decided before, so that it can be decided so again. */
function former(app, { decision, why, codings }) {
  if (!decision) return { decision: "undecided", why: "" };
  if (decision !== "edited") return { decision, why };
  const [{ start, end, code, stance }] = codings;
  return { decision, why, edit: { start, end, code, stance, words: app.store.talk.quote(start, end) } };
}
