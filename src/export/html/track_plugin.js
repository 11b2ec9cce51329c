// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of one track, drawn by flame-chart-js. Its own plugin keeps two
 * objects for each call and walks all of them for each frame; this one hands
 * it, from columns of numbers, only what a frame shows: calls narrower than a
 * two pixels are found by bisection and drawn as one.
 */
import { FlameChartPlugin } from "flame-chart-js";

import { theme } from "./colours.js";
import { NS_PER_UNIT } from "./view.js";

export const UNFINISHED = 1;
const NARROW_PX = 2;
const MANY = [null, null]; // nodes of a bar that stands for several calls

/** Rows of a track by depth: rows.subarray(from[depth], from[depth + 1]). */
export class Levels {
  constructor(columns, { from, to }) {
    let depth = 0;
    for (let i = from; i < to; i++) {
      depth = Math.max(depth, columns.depth[i] + 1);
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
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(this.rows[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
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

export class TrackPlugin extends FlameChartPlugin {
  /** look: {colourOf(function index), names of functions} */
  constructor(track, levels, look) {
    super({ data: [], name: `track-${track.index}` });
    this.track = track;
    this.levels = levels;
    this.look = look;
    this.selectedRow = -1;
  }

  // What the base class makes of its tree is not needed.
  parseData() {}
  initData() {}

  /** Only as far as there are rows below. */
  setPositionY(y) {
    const { renderEngine, levels } = this;
    const all = levels.depth * (renderEngine.blockHeight + 1);
    this.positionY = Math.max(0, Math.min(y, all - renderEngine.height));
  }

  nodeOf(row) {
    const { columns } = this.levels;
    return {
      row,
      level: columns.depth[row],
      source: {
        start: columns.start[row] / NS_PER_UNIT,
        duration: columns.duration[row] / NS_PER_UNIT,
        name: this.look.names[columns.fn[row]],
      },
    };
  }

  /** What stands at [from, to) of the rows, as one: of many, a bar without a
   * name and at least so wide that it is seen. */
  addCluster(clusters, from, to, depth, leastNs) {
    const { columns, rows } = this.levels;
    const first = rows[from];
    const last = rows[to - 1];
    const startNs = columns.start[first];
    const isOne = to - from === 1;
    const lengthNs = columns.start[last] + columns.duration[last] - startNs;
    const start = startNs / NS_PER_UNIT;
    const duration =
      (isOne ? lengthNs : Math.max(lengthNs, leastNs)) / NS_PER_UNIT;
    clusters.push({
      start,
      end: start + duration,
      duration,
      color: this.look.colourOf(columns.fn[first]),
      level: depth,
      nodes: isOne ? [this.nodeOf(first)] : MANY,
      from,
      to,
    });
  }

  /** The calls of a depth between two times, narrow neighbours as one. */
  addLevel(clusters, depth, startNs, endNs, narrowNs) {
    const { levels } = this;
    const { start, duration } = levels.columns;
    const high = levels.from[depth + 1];
    let at = levels.find(
      levels.from[depth],
      high,
      (row) => start[row] + duration[row] >= startNs,
    );
    while (at < high && start[levels.rows[at]] <= endNs) {
      const row = levels.rows[at];
      let to = at + 1;
      if (duration[row] < narrowNs) {
        const limit = start[row] + narrowNs;
        to = levels.find(to, high, (other) => start[other] >= limit);
        if (to - at > 1 && duration[levels.rows[to - 1]] >= narrowNs) {
          to--; // the last one is wide and stands for itself
        }
      }
      this.addCluster(clusters, at, to, depth, narrowNs);
      at = to;
    }
  }

  reclusterizeClusteredFlatTree() {
    const { zoom, positionX, blockHeight, height } = this.renderEngine;
    const startNs = positionX * NS_PER_UNIT;
    const endNs = startNs + this.renderEngine.getRealView() * NS_PER_UNIT;
    const narrowNs = (NARROW_PX / zoom) * NS_PER_UNIT;
    const first = Math.floor(this.positionY / (blockHeight + 1));
    const last = Math.ceil((this.positionY + height) / (blockHeight + 1));
    const clusters = [];

    for (let d = first; d < Math.min(last, this.levels.depth); d++) {
      this.addLevel(clusters, d, startNs, endNs, narrowNs);
    }
    this.actualClusterizedFlatTree = clusters;
  }

  /** The call under the mouse: of several in a pixel, the longest. */
  findNodeInCluster(region) {
    if (!region || region.type !== "cluster") {
      return null;
    }
    const { columns, rows } = this.levels;
    const { from, to } = region.data;
    let best = rows[from];
    for (let i = from + 1; i < Math.min(to, from + 4096); i++) {
      if (columns.duration[rows[i]] > columns.duration[best]) {
        best = rows[i];
      }
    }
    return { type: "node", data: this.nodeOf(best), count: to - from };
  }

  handleSelect(region) {
    const found = this.findNodeInCluster(region);
    this.emit("select", { row: found === null ? -1 : found.data.row });
  }

  rectOf(row) {
    const { columns } = this.levels;
    return this.calcRect(
      columns.start[row] / NS_PER_UNIT,
      columns.duration[row] / NS_PER_UNIT,
      columns.depth[row],
    );
  }

  renderGaps() {
    const { renderEngine } = this;
    for (const [start, end] of this.track.gaps) {
      const { x, w } = this.calcRect(
        start / NS_PER_UNIT,
        (end - start) / NS_PER_UNIT,
        0,
      );
      const width = Math.max(w, 2);
      if (x + width > 0 && x < renderEngine.width) {
        for (let y = 0; y < renderEngine.height; y += renderEngine.blockHeight) {
          renderEngine.addRect(
            { pattern: "gap", color: "transparent", x, y, w: width },
            1,
          );
        }
      }
    }
  }

  renderMarks() {
    const { columns, rows } = this.levels;
    const { renderEngine } = this;
    for (const { from, to, level } of this.actualClusterizedFlatTree) {
      if (to - from === 1 && columns.flags[rows[from]] & UNFINISHED) {
        const { x, y, w } = this.rectOf(rows[from], level);
        renderEngine.addRect(
          { pattern: "unfinished", color: "transparent", x, y, w },
          1,
        );
      }
    }
    if (this.selectedRow >= 0) {
      const { x, y, w } = this.rectOf(this.selectedRow);
      const left = Math.max(x, -4);
      renderEngine.addStroke(
        {
          color: theme().select,
          x: left + 0.5,
          y: y + 0.5,
          w: Math.max(2, Math.min(x + w, renderEngine.width + 4) - left - 1),
          h: renderEngine.blockHeight - 1,
        },
        3,
      );
    }
  }

  render() {
    super.render();
    this.renderGaps();
    this.renderMarks();
  }
}
