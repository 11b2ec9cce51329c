// SPDX-License-Identifier: Apache-2.0
/* The calls of one track by depth, and which stands where. */
import { bisect } from "./bisect.js";

/** Rows of a track by depth: rows.subarray(from[depth], from[depth + 1]). */
export class Levels {
  constructor(columns, { from, to, stretches }) {
    let depth = 0;
    for (let i = from; i < to; i++) {
      depth = Math.max(depth, columns.depth[i] + 1);
    }
    if (stretches.length > 0) {
      depth = Math.max(depth, 1); // to have a row for them
    }
    this.columns = columns;
    this.depth = depth;
    this.from = new Uint32Array(depth + 1);
    for (let i = from; i < to; i++) this.from[columns.depth[i] + 1]++;
    for (let i = 0; i < depth; i++) this.from[i + 1] += this.from[i];
    const next = this.from.slice();
    this.rows = new Uint32Array(to - from);
    for (let i = from; i < to; i++) this.rows[next[columns.depth[i]]++] = i;
  }

  /** The first position in [low, high) whose call satisfies the test, which
   * holds from some call on. */
  find(low, high, test) {
    return bisect(high, (i) => test(this.rows[i]), low);
  }

  /** The call of a depth that covers a time, or -1. */
  at(depth, timeNs) {
    if (depth < 0 || depth >= this.depth) {
      return -1;
    }
    const { start, duration } = this.columns;
    const high = this.from[depth + 1];
    const found = this.find(
      this.from[depth],
      high,
      (row) => start[row] > timeNs,
    );
    const row = this.rows[found - 1];
    return found > this.from[depth] && start[row] + duration[row] >= timeNs
      ? row
      : -1;
  }

  /** The call that stands by steps beside a call of the same depth, or -1. */
  beside(row, steps) {
    const depth = this.columns.depth[row];
    const at = this.find(
      this.from[depth],
      this.from[depth + 1],
      (other) => other >= row,
    );
    const to = at + steps;
    return to >= this.from[depth] && to < this.from[depth + 1]
      ? this.rows[to]
      : -1;
  }

  /** The longest of the outermost calls that begin between two times, or -1. */
  longestOutermost(startNs, endNs) {
    const { start, duration } = this.columns;
    const high = this.from[1] ?? 0;
    let best = -1;
    let at = this.find(0, high, (row) => start[row] >= startNs);
    for (; at < high && start[this.rows[at]] <= endNs; at++) {
      const row = this.rows[at];
      if (best < 0 || duration[row] > duration[best]) {
        best = row;
      }
    }
    return best;
  }

  /** The call around a call, or -1. */
  parent(row) {
    const { columns } = this;
    for (let depth = columns.depth[row] - 1; depth >= 0; depth--) {
      const found = this.find(
        this.from[depth],
        this.from[depth + 1],
        (other) => other > row,
      );
      if (found > this.from[depth]) {
        const parent = this.rows[found - 1];
        const end = columns.start[row] + columns.duration[row];
        return columns.start[parent] + columns.duration[parent] >= end
          ? parent
          : -1;
      }
    }
    return -1;
  }

  /** The first call inside a call, or -1. */
  child(row) {
    const { columns } = this;
    const depth = columns.depth[row] + 1;
    if (depth >= this.depth) {
      return -1;
    }
    const high = this.from[depth + 1];
    const found = this.find(this.from[depth], high, (other) => other > row);
    const child = this.rows[found];
    return found < high &&
      columns.start[child] <= columns.start[row] + columns.duration[row] &&
      this.parent(child) === row
      ? child
      : -1;
  }
}
