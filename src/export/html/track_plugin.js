// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of one track, drawn by flame-chart-js. Its own plugin keeps two
 * objects for each call and walks all of them for each frame; this one hands
 * it, from columns of numbers, only what a frame shows: calls narrower than a
 * two pixels are found by bisection and drawn as one.
 */
import { FlameChartPlugin } from "flame-chart-js";

import { bisect } from "./bisect.js";
import { theme } from "./colours.js";
import { counted } from "./format.js";
import { NS_PER_UNIT } from "./view.js";

export const UNFINISHED = 1;
const NARROW_PX = 2;
const MANY = [null, null]; // nodes of a bar that stands for several calls
const LEFT_PX = 3; // narrower stretches of calls left out are not drawn
const NOTHING = []; // nodes of a bar without a name

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

    const levels = [];
    for (let d = first - 1; d < Math.min(last, this.levels.depth); d++) {
      const level = [];
      if (d >= 0) this.addLevel(level, d, startNs, endNs, narrowNs);
      levels.push(level);
    }
    levels.slice(1).forEach((level) => clusters.push(...level));
    const leftNs = (LEFT_PX / zoom) * NS_PER_UNIT;
    this.addStretches(clusters, startNs, endNs, leftNs);
    if (this.levels.columns.left !== null) {
      levels.forEach((level, i) =>
        this.addLeftOut(clusters, level, levels[i + 1] ?? [], leftNs),
      );
    }
    this.addGaps(clusters, startNs, endNs, first, last);
    this.actualClusterizedFlatTree = clusters;
  }

  /** Something that is no call, [startNs, endNs) at a depth. */
  addMark(clusters, mark, startNs, endNs, depth) {
    const start = startNs / NS_PER_UNIT;
    const end = endNs / NS_PER_UNIT;
    clusters.push({
      nodes: NOTHING,
      ...mark,
      start,
      end,
      duration: end - start,
      color: "transparent",
      level: depth,
    });
  }

  /** Outermost calls that are left out, where there is room for a mark. */
  addStretches(clusters, startNs, endNs, leastNs) {
    const { stretches } = this.track;
    let at = bisect(stretches.length, (i) => stretches[i].end >= startNs);
    for (; at < stretches.length && stretches[at].start <= endNs; at++) {
      const { start, end, count } = stretches[at];
      if (end - start < leastNs) continue; // it would hide what stands beside it
      const name = `${counted(count, "call")} left out`;
      this.addMark(
        clusters,
        {
          kind: "left",
          pattern: "left",
          stretch: stretches[at],
          nodes: [{ source: { name } }],
        },
        start,
        end,
        0,
      );
    }
  }

  /** Calls that are left out of wide ones: they lie where no bar of the level
   * below stands. */
  addLeftOut(clusters, level, below, leastNs) {
    const { columns, rows } = this.levels;
    let next = 0;
    for (const { from, to } of level) {
      const row = rows[from];
      if (to - from > 1 || columns.left[row] === 0) continue;
      const end = columns.start[row] + columns.duration[row];
      let at = columns.start[row];
      while (
        next < below.length &&
        columns.start[rows[below[next].from]] < at
      ) {
        next++;
      }
      while (
        next < below.length &&
        columns.start[rows[below[next].from]] < end
      ) {
        this.addLeftOutOf(
          clusters,
          row,
          at,
          columns.start[rows[below[next].from]],
          leastNs,
        );
        const last = rows[below[next].to - 1];
        at = columns.start[last] + columns.duration[last];
        next++;
      }
      this.addLeftOutOf(clusters, row, at, end, leastNs);
    }
  }

  addLeftOutOf(clusters, row, startNs, endNs, leastNs) {
    if (endNs - startNs >= leastNs) {
      const mark = { kind: "left", pattern: "left", row };
      this.addMark(
        clusters,
        mark,
        startNs,
        endNs,
        this.levels.columns.depth[row] + 1,
      );
    }
  }

  /** Where calls are missing, over all rows. */
  addGaps(clusters, startNs, endNs, first, last) {
    const { gaps } = this.track;
    const leastNs = (2 / this.renderEngine.zoom) * NS_PER_UNIT;
    let drawnNs = -Infinity;
    for (const gap of gaps) {
      const [start, end, , isPause] = gap;
      const until = Math.max(end, start + leastNs);
      if (until < startNs || start > endNs || until < drawnNs + leastNs)
        continue;
      const mark = {
        kind: "gap",
        pattern: isPause ? "pause" : "gap",
        gap,
      };
      for (let depth = first; depth < Math.max(last, 1); depth++) {
        this.addMark(clusters, mark, start, until, depth);
      }
      drawnNs = until;
    }
  }

  /** What is under the mouse: of several calls in a pixel, the longest. */
  findNodeInCluster(region) {
    if (!region || region.type !== "cluster") {
      return null;
    }
    if (region.data.kind !== undefined) {
      return { type: region.data.kind, data: region.data };
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
    this.emit("select", {
      row: found?.data.row ?? -1,
      stretch: found?.data.stretch ?? null,
    });
  }

  rectOf(row) {
    const { columns } = this.levels;
    return this.calcRect(
      columns.start[row] / NS_PER_UNIT,
      columns.duration[row] / NS_PER_UNIT,
      columns.depth[row],
    );
  }

  renderMarks() {
    const { columns, rows } = this.levels;
    const { renderEngine } = this;
    for (const { from, to, level, kind } of this.actualClusterizedFlatTree) {
      if (kind !== undefined) continue;
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
    this.renderMarks();
  }
}
