/** Lanes: which column of the margin a coding's stripe stands in. */

/** Stripes that meet within a line of text would join into one: keep as many characters apart. */
const APART = 90;

/** Lanes of one transcript.  A coding keeps its lane while others come and go. */
export class Lanes {
  /** @param {number} most lanes that are shown; what finds no room gets -1 */
  constructor(most) {
    this.most = most;
    this.lanes = new Map();
  }

  /** @param {string} id @returns {number} */
  of(id) {
    return this.lanes.get(id) ?? -1;
  }

  /** @param {string} id */
  free(id) {
    this.lanes.delete(id);
  }

  /**
   * Give a coding the first lane that none of its neighbours has.
   * @param {{id: string, start: number, end: number}} coding
   * @param {Iterable<{id: string, start: number, end: number}>} neighbours those in the same turns
   */
  take(coding, neighbours) {
    const used = new Set();
    for (const other of neighbours) {
      const near = other.start < coding.end + APART && coding.start < other.end + APART;
      if (near && other.id !== coding.id) used.add(this.of(other.id));
    }
    let lane = 0;
    while (lane < this.most && used.has(lane)) lane += 1;
    this.lanes.set(coding.id, lane < this.most ? lane : -1);
  }

  /** @param {string} id @param {string} from hand a lane on, when a coding is replaced by another */
  inherit(id, from) {
    if (this.lanes.has(from)) this.lanes.set(id, this.lanes.get(from));
  }
}
