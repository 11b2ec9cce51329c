// SPDX-License-Identifier: Apache-2.0
/*
 * The stretch of time that all charts of the page show. Each chart is a
 * flame-chart-js container with a canvas of its own; when one is moved, the
 * others follow, and only those that can be seen are drawn.
 */
import { FlameChartContainer, UIPlugin } from "flame-chart-js";

import { theme } from "./colours.js";
import { axisLabel } from "./format.js";

/** Charts count in ms. */
export const NS_PER_UNIT = 1e6;

export const ROW_HEIGHT = 17;
const LEAST_SPAN_NS = 20;
const LABEL_WIDTH = 92;
const HISTORY_MAX = 200;
const ONE_CHANGE_MS = 400; // changes closer than that are undone together
const FONT = "11px system-ui, -apple-system, 'Segoe UI', sans-serif";

/** Makes a chart as long as the trace. */
class ExtentPlugin extends UIPlugin {
  constructor(durationNs) {
    super("extent");
    this.height = 0;
    this.min = 0;
    this.max = durationNs / NS_PER_UNIT;
  }

  render() {
    return true;
  }
}

export class AxisPlugin extends UIPlugin {
  constructor() {
    super("axis");
    this.height = ROW_HEIGHT + 5;
  }

  render() {
    const { renderEngine } = this;
    const { timeGrid } = renderEngine.parent;
    const spanNs = renderEngine.getRealView() * NS_PER_UNIT;
    const stepNs = timeGrid.delta * NS_PER_UNIT;
    renderEngine.setCtxValue("fillStyle", theme().text);
    renderEngine.setCtxFont(FONT);
    timeGrid.forEachTime((pixel, time) => {
      const label = axisLabel(time * NS_PER_UNIT, stepNs, spanNs);
      renderEngine.fillText(label, pixel + 4, 15);
    });
    timeGrid.renderLines(0, renderEngine.height, renderEngine);
    return true;
  }
}

/** What is drawn over calls that are not whole, or where some are not there;
 * px and degrees. */
const stripes = (name, color, background, spacing, angle) => ({
  name,
  type: "stripes",
  config: {
    color,
    background,
    lineWidth: name === "left" ? 1 : 2,
    spacing,
    angle,
  },
});

function settingsOf(tooltip) {
  const colours = theme();
  return {
    options: { tooltip, timeUnits: "ms" },
    styles: {
      main: {
        blockHeight: ROW_HEIGHT - 1,
        backgroundColor: colours.background,
        font: FONT,
        fontColor: colours.text,
      },
      timeGrid: { color: colours.grid },
    },
    patterns: [
      stripes("unfinished", colours.hatch, "rgba(0, 0, 0, 0)", 5, 45),
      stripes("gap", colours.gap, "rgba(0, 0, 0, 0)", 4, 135),
      stripes("pause", colours.pause, "rgba(0, 0, 0, 0)", 6, 135),
      stripes("left", colours.left, colours.leftFill, 4, 45),
    ],
  };
}

/** Lines of the grid at round times. */
function roundGrid(timeGrid) {
  timeGrid.recalc = () => {
    const { renderEngine } = timeGrid;
    const least =
      (LABEL_WIDTH / renderEngine.width) * renderEngine.getRealView();
    const power = 10 ** Math.floor(Math.log10(least));
    const factor = [1, 2, 5, 10].find((step) => step * power >= least);
    timeGrid.delta = power * factor;
    timeGrid.start = Math.floor(renderEngine.positionX / timeGrid.delta);
    timeGrid.end = Math.ceil(
      (renderEngine.positionX + renderEngine.getRealView()) / timeGrid.delta,
    );
    timeGrid.accuracy = 9;
  };
}

export class View {
  constructor(durationNs, tooltip) {
    this.durationNs = Math.max(1, durationNs);
    this.tooltip = tooltip;
    this.start = 0; // ns
    this.end = this.durationNs;
    this.charts = new Set();
    this.isFollowing = false;
    this.listeners = [];
    this.history = []; // of what was shown: {start, end}
    this.lastChangeMs = -Infinity;
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  /** Make a chart on a canvas; its plugins stand one below the other. */
  addChart(canvas, plugins, width, height) {
    canvas.width = width;
    canvas.height = height;
    const settings = settingsOf(this.tooltip);
    const chart = new FlameChartContainer({
      canvas,
      plugins: [new ExtentPlugin(this.durationNs), ...plugins],
      settings,
    });
    chart.setSettings(settings);
    canvas.style.backgroundColor = theme().background;
    chart.isShown = true;
    roundGrid(chart.timeGrid);
    const { renderEngine } = chart;
    const render = renderEngine.render.bind(renderEngine);
    renderEngine.render = (prepare) => {
      render(prepare);
      this.follow(chart);
    };
    this.charts.add(chart);
    this.apply(chart);
    return chart;
  }

  /** All charts show what this one does. */
  follow(chart) {
    const { positionX, zoom, width } = chart.renderEngine;
    const start = positionX * NS_PER_UNIT;
    const end = start + (width / zoom) * NS_PER_UNIT;
    if (
      !this.isFollowing &&
      (Math.abs(start - this.start) > 1e-3 || Math.abs(end - this.end) > 1e-3)
    ) {
      this.show(start, end, chart);
    }
  }

  remember() {
    const { start, end, history } = this;
    const now = performance.now();
    if (now - this.lastChangeMs > ONE_CHANGE_MS) {
      history.push({ start, end });
      history.splice(0, history.length - HISTORY_MAX);
    }
    this.lastChangeMs = now;
  }

  /** Back to what was shown before. */
  undo() {
    const before = this.history.pop();
    if (before !== undefined) {
      this.place(before.start, before.end);
      this.lastChangeMs = -Infinity;
    }
  }

  /** Show [start, end) ns, as far as there is such a time; from a chart that
   * shows it already. */
  show(start, end, from = null) {
    this.remember();
    this.place(start, end, from);
  }

  place(start, end, from = null) {
    const span = Math.min(
      this.durationNs,
      Math.max(LEAST_SPAN_NS, end - start),
    );
    const middle = (start + end) / 2;
    this.start = Math.max(
      0,
      Math.min(middle - span / 2, this.durationNs - span),
    );
    this.end = this.start + span;
    for (const chart of this.charts) {
      if (chart !== from) {
        this.apply(chart);
      }
    }
    this.listeners.forEach((listener) => listener());
  }

  apply(chart) {
    const { renderEngine } = chart;
    const span = (this.end - this.start) / NS_PER_UNIT;
    const zoom = renderEngine.width / span;
    this.isFollowing = true;
    renderEngine.zoom = zoom; // its setZoom has a bound of its own
    renderEngine.children.forEach((child) => child.setZoom(zoom));
    renderEngine.setPositionX(this.start / NS_PER_UNIT);
    if (chart.isShown) {
      renderEngine.render();
    }
    this.isFollowing = false;
  }

  zoomBy(factor, at = (this.start + this.end) / 2) {
    this.show(at - (at - this.start) * factor, at + (this.end - at) * factor);
  }

  panBy(part) {
    const delta = (this.end - this.start) * part;
    this.show(this.start + delta, this.end + delta);
  }

  /** Bring a stretch into sight: where it is, at a size that can be seen. A
   * moment has none. */
  reveal(start, end) {
    const span = this.end - this.start;
    const length = end - start;
    if (length > span || (length > 0 && length < span / 400)) {
      const wanted = Math.max(length * 4, LEAST_SPAN_NS * 4);
      const middle = (start + end) / 2;
      this.show(middle - wanted / 2, middle + wanted / 2);
    } else if (start < this.start || end > this.end) {
      const middle = (start + end) / 2;
      this.show(middle - span / 2, middle + span / 2);
    }
  }

  /** What the mouse was over has no tooltip any longer. */
  forgetMouseOnLeave(chart) {
    const { renderEngine, interactionsEngine, plugins } = chart;
    renderEngine.canvas.addEventListener("mouseleave", () => {
      interactionsEngine.hoveredRegion = null;
      plugins.forEach((plugin) => {
        plugin.hoveredRegion = null;
      });
      this.tooltip(null, renderEngine);
    });
  }

  resize(chart, width, height = chart.renderEngine.height) {
    const { renderEngine } = chart;
    this.isFollowing = true;
    renderEngine.resize(width, height);
    this.isFollowing = false;
    this.apply(chart);
  }

  /** Colours changed. */
  restyle() {
    for (const chart of this.charts) {
      chart.setSettings(settingsOf(this.tooltip));
      chart.renderEngine.canvas.style.backgroundColor = theme().background;
    }
  }

  redraw() {
    for (const chart of this.charts) {
      if (chart.isShown) {
        chart.renderEngine.render();
      }
    }
  }
}
