// SPDX-License-Identifier: Apache-2.0
/* Instants and counters, drawn by flame-chart-js. As with calls, it gets only
 * what a frame shows. */
import { MarksPlugin, TimeseriesPlugin } from "flame-chart-js";

import { bisect } from "./bisect.js";
import { theme } from "./colours.js";
import { visible } from "./dom.js";
import { NS_PER_UNIT } from "./view.js";

const SPACE_PX = 6; // instants closer than this share a mark
const LABEL_SIZE = 24;
export const COUNTER_HEIGHT = 48;

const SCOPES = ["", "thread", "process", "global"];
export const scopeName = (scope) => SCOPES[scope] || `scope ${scope}`;

const PHASES = ["", "created", "snapshot", "deleted"];
export const phaseName = (phase) => PHASES[phase] || `phase ${phase}`;

/** What is called that way, and of an object what happened to it. */
export const instantTitle = ({ name, phase }) =>
  phase === 0 ? visible(name) : `${visible(name)} ${phaseName(phase)}`;

const shorten = (text) =>
  text.length > LABEL_SIZE ? text.slice(0, LABEL_SIZE - 1) + "…" : text;

export class InstantsPlugin extends MarksPlugin {
  constructor(instants, name) {
    super({ data: [], name });
    this.instants = instants; // by time
  }

  /** What the base class draws: those of the frame, few enough to be read. */
  get marks() {
    if (this.instants === undefined || this.renderEngine === undefined) {
      return [];
    }
    const { instants, renderEngine } = this;
    const { instants: colours, object: objectColour } = theme();
    const start = renderEngine.positionX * NS_PER_UNIT;
    const end = start + renderEngine.getRealView() * NS_PER_UNIT;
    const space = (SPACE_PX / renderEngine.zoom) * NS_PER_UNIT;
    const marks = [];
    let at = bisect(instants.length, (i) => instants[i].time >= start);
    while (at < instants.length && instants[at].time <= end) {
      const { time, scope, phase } = instants[at];
      const next = bisect(
        instants.length,
        (i) => instants[i].time > time + space,
      );
      const label = shorten(instantTitle(instants[at]));
      const more = next - at - 1;
      marks.push({
        timestamp: time / NS_PER_UNIT,
        shortName: more > 0 ? `${label} +${more}` : label,
        fullName: label,
        color: phase === 0 ? colours[(scope + 2) % 3] : objectColour,
        instants: instants.slice(at, next),
      });
      at = Math.max(next, at + 1);
    }
    return marks;
  }

  set marks(_) {}

  render() {
    // Labels push each other to the right: only those that have room.
    const { renderEngine } = this;
    let free = -Infinity;
    for (const mark of this.marks) {
      const x = renderEngine.timeToPosition(mark.timestamp);
      if (x < free) {
        renderEngine.addRect({ color: mark.color, x, y: 1, w: 2 });
        continue;
      }
      const w =
        renderEngine.ctx.measureText(mark.shortName).width +
        renderEngine.blockPaddingLeftRight * 2;
      renderEngine.addRect({ color: theme().faint, x, y: 1, w });
      renderEngine.addRect({ color: mark.color, x, y: 1, w: 2 }, 1);
      renderEngine.addText(
        { text: mark.shortName, x: x + 1, y: 1, w: w + 2 },
        2,
      );
      this.interactionsEngine.addHitRegion(
        "timestamp",
        mark,
        x,
        1,
        w,
        renderEngine.blockHeight,
      );
      free = x + w + 2;
    }
  }

  /** Their lines across the calls, faint. */
  postRender() {
    const { ctx } = this.renderEngine.parent;
    ctx.globalAlpha = 0.4;
    super.postRender();
    ctx.globalAlpha = 1;
  }

  handleSelect(region) {
    this.emit("select", { mark: region?.data ?? null });
  }
}

/** One series as steps: a value holds until the next. */
export class CounterPlugin extends TimeseriesPlugin {
  constructor(counter, endNs) {
    const finite = [...counter.values].filter(Number.isFinite);
    const low = finite.reduce((a, b) => Math.min(a, b), 0);
    const high = finite.reduce((a, b) => Math.max(a, b), low);
    super({
      name: `counter-${counter.index}`,
      data: [
        {
          points: [[0, 0]],
          min: low,
          max: high > low ? high : low + 1,
        },
      ],
    });
    this.counter = counter;
    this.endNs = endNs;
    this.selectedIndex = -1;
    this.min = undefined;
    this.max = undefined;
  }

  setSettings() {
    this.height = COUNTER_HEIGHT;
  }

  init(renderEngine, interactionsEngine) {
    super.init(renderEngine, interactionsEngine);
    interactionsEngine.on("click", () => {
      this.emit("select", { index: this.indexAt(this.mouseTime()) });
    });
  }

  /** The time below the mouse. */
  mouseTime() {
    const { x } = this.interactionsEngine.getMouse();
    const { renderEngine } = this;
    return (renderEngine.pixelToTime(x) + renderEngine.positionX) * NS_PER_UNIT;
  }

  /** The point in force at a time, or -1. */
  indexAt(timeNs) {
    const { times } = this.counter;
    return bisect(times.length, (i) => times[i] > timeNs) - 1;
  }

  /** What it was at a time, as a text. */
  textAt(timeNs) {
    const index = timeNs <= this.endNs ? this.indexAt(timeNs) : -1;
    return index < 0 ? "–" : String(this.counter.values[index]);
  }

  /** Corners of the steps in the frame; in a pixel the least and the largest
   * value. A value that is no number breaks the line at the bottom. */
  visiblePoints() {
    const { times, values } = this.counter;
    const { renderEngine } = this;
    const startNs = renderEngine.positionX * NS_PER_UNIT;
    const endNs = startNs + renderEngine.getRealView() * NS_PER_UNIT;
    const pixelNs = NS_PER_UNIT / renderEngine.zoom;
    const low = this.data.timeseries[0].min;
    const valueAt = (i) => (Number.isFinite(values[i]) ? values[i] : low);
    const points = [];
    let at = Math.max(0, this.indexAt(startNs));
    let before = low;
    while (at < times.length && times[at] <= endNs) {
      const timeNs = times[at];
      let least = valueAt(at);
      let largest = least;
      let next = at + 1;
      while (next < times.length && times[next] < timeNs + pixelNs) {
        least = Math.min(least, valueAt(next));
        largest = Math.max(largest, valueAt(next));
        next++;
      }
      const time = timeNs / NS_PER_UNIT;
      points.push([time, before]);
      if (next - at > 1) points.push([time, least], [time, largest]);
      before = valueAt(next - 1);
      points.push([time, before]);
      at = next;
    }
    if (points.length > 0) {
      const end = Math.min(this.endNs, endNs) / NS_PER_UNIT;
      points.push([end, before], [end, low]); // the outline ends at the bottom
    }
    return points;
  }

  renderTooltip() {
    if (!this.hoveredRegion) {
      return false;
    }
    const { renderEngine, counter } = this;
    const time = this.mouseTime();
    const index = time <= this.endNs ? this.indexAt(time) : -1;
    const value = index < 0 ? null : counter.values[index];
    renderEngine.options.tooltip(
      { type: "counter", counter, value, time },
      renderEngine,
      this.interactionsEngine.getGlobalMouse(),
    );
    return true;
  }

  render() {
    const points = this.visiblePoints();
    if (points.length === 0) {
      return;
    }
    const start = this.renderEngine.positionX;
    const end = start + this.renderEngine.getRealView();
    const [chart] = this.data.timeseries;
    this.data.timeboxes[0] = { start, end };
    chart.points = points;
    chart.style = {
      type: "line",
      lineWidth: 1,
      lineColor: theme().series,
      fillColor: theme().seriesFill,
      lineDash: [],
    };
    super.render();
    this.renderSelected();
  }

  renderSelected() {
    if (this.selectedIndex >= 0) {
      const { renderEngine, counter } = this;
      const x = renderEngine.timeToPosition(
        counter.times[this.selectedIndex] / NS_PER_UNIT,
      );
      renderEngine.addRect(
        {
          color: theme().select,
          x: x - 1,
          y: 0,
          w: 2,
          h: COUNTER_HEIGHT,
        },
        3,
      );
    }
  }
}
