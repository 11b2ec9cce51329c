// SPDX-License-Identifier: Apache-2.0
/* The timeline: an axis, and below it for each process its counters and its
 * tracks. A track's chart is made when it is first scrolled into sight. */
import { functionColours, theme } from "./colours.js";
import { Arrows } from "./arrows.js";
import { AxisRange } from "./axis_range.js";
import { longestCall } from "./calls.js";
import { Cursor } from "./cursor.js";
import { byId, element, visible } from "./dom.js";
import { counted } from "./format.js";
import { Levels } from "./levels.js";
import { functionName, processName, trackName } from "./names.js";
import {
  COUNTER_HEIGHT,
  CounterPlugin,
  InstantsPlugin,
} from "./point_plugins.js";
import { onSchemeChange } from "./scheme.js";
import { Touch } from "./touch.js";
import { TrackPlugin } from "./track_plugin.js";
import { AxisPlugin, ROW_HEIGHT, View } from "./view.js";

const ROWS_MIN = 24; // of a deep track, before it is cut
const ROWS_MAX = 600; // when all are asked for; the rest is there by dragging
const COUNTERS_MAX = 20; // that are told of one moment
const KIND_NAMES = ["", "thread", "greenlet", "lane", "async", "samples"];

export class Timeline {
  /** onSelect({kind: "call", row, track} | {kind: "instants", instants} |
   * {kind: "point", counter, index} | {kind: "stretch", stretch, track} |
   * null); tooltip is of flame-chart-js. */
  constructor(trace, onSelect, tooltip) {
    this.trace = trace;
    this.onSelect = onSelect;
    this.matches = null; // functions that are searched for, as 0 or 1
    this.colours = functionColours(trace.functions);
    this.selected = null;
    this.instantsOf = trace.tracks.map(() => []);
    trace.instantList.forEach((instant) => {
      this.instantsOf[instant.track].push(instant);
    });
    this.rows = new Map(); // by element: {make(width), chart}
    this.counters = []; // {plugin, output, row} of each
    this.view = new View(trace.duration, tooltip);
    this.look = {
      names: trace.functions.map(functionName),
      colourOf: (fn) =>
        this.matches === null || this.matches[fn] === 1
          ? this.colours[fn]
          : theme().faint,
    };
    this.width = this.measure();
    this.axis = this.view.addChart(
      byId("axis-canvas"),
      [new AxisPlugin()],
      this.width,
      ROW_HEIGHT + 5,
    );
    this.observer = new IntersectionObserver((entries) => this.see(entries), {
      root: document.querySelector("main"),
      rootMargin: "40px 0px",
    });
    trace.processes.forEach((_, index) => this.addProcess(index));
    const timeAt = (clientX) => this.timeAt(clientX);
    this.cursor = new Cursor(this.view, trace.duration, this.counters, timeAt);
    this.arrows = new Arrows(
      trace,
      this.view,
      (track) => this.levelsOf(track),
      (track, depth) => this.topOf(track, depth) + ROW_HEIGHT / 2,
    );
    this.axisRange = new AxisRange(this.view, timeAt);
    for (const id of ["tracks", "axis"]) {
      byId(id).addEventListener("wheel", (event) => this.wheel(event), {
        passive: false,
        capture: true,
      });
      new Touch(byId(id), this.view, timeAt);
    }
    new ResizeObserver(() => this.resize()).observe(byId("tracks"));
    onSchemeChange(() => this.restyle());
  }

  measure() {
    return Math.max(120, byId("tracks").clientWidth);
  }

  addProcess(index) {
    const { trace } = this;
    const process = trace.processes[index];
    const ended =
      process.howText === "" || process.how === "unknown"
        ? ""
        : ` — ${visible(process.howText)}`;
    const section = element(
      "section",
      { className: "process", data: { process: index } },
      element("h2", {}, processName(process), element("small", {}, ended)),
    );
    for (const track of trace.tracks) {
      if (track.process === index) {
        this.addTrack(section, track);
      }
    }
    trace.counters.forEach((counter, i) => {
      counter.index = i;
      if (counter.process === index && counter.times.length > 0) {
        this.addCounter(section, counter, process);
      }
    });
    byId("tracks").append(section);
  }

  /** A row whose chart make(width) makes when it is seen. */
  addRow(row, height, make) {
    row.style.setProperty("--height", `${height}px`);
    this.rows.set(row, { make, chart: null, height });
    this.observer.observe(row);
  }

  addCounter(section, counter, process) {
    const key = visible(counter.key);
    const name = visible(counter.name);
    const canvas = element("canvas", { role: "img", ariaLabel: name });
    const output = element("output", { className: "value" });
    const plugin = new CounterPlugin(counter, process.end);
    const row = element(
      "div",
      { className: "counter", data: { counter: counter.index } },
      element(
        "div",
        { className: "row-name" },
        element("b", {}, name),
        key === "" || key === name ? null : element("span", {}, key),
        element("small", {}, counted(counter.times.length, "point")),
        output,
      ),
      canvas,
    );
    section.append(row);
    plugin.on("select", ({ index }) => {
      if (index >= 0) this.select({ kind: "point", counter, index });
    });
    this.counters.push({ plugin, output, row });
    this.addRow(row, COUNTER_HEIGHT, (width) =>
      this.view.addChart(canvas, [plugin], width, COUNTER_HEIGHT),
    );
  }

  levelsOf(track) {
    track.levels ??= new Levels(this.trace.columns, track);
    return track.levels;
  }

  aboutTrack(track) {
    const parts = [counted(track.calls, "call")];
    const left = track.calls - (track.to - track.from);
    if (left > 0) parts.push(`${counted(left, "shorter one")} not drawn`);
    if (track.lost > 0) parts.push(`${counted(track.lost, "call")} lost`);
    const id = track.tid > 0 ? ` ${track.tid}` : "";
    if (track.category !== "") parts.unshift(visible(track.category));
    return `${KIND_NAMES[track.kind] ?? ""}${id} · ${parts.join(" · ")}`;
  }

  addTrack(section, track) {
    const instants = this.instantsOf[track.index];
    const levels = this.levelsOf(track);
    const cap = Math.max(
      ROWS_MIN,
      Math.floor(window.innerHeight / ROW_HEIGHT) - 14,
    );
    const rows = Math.min(levels.depth, cap);
    const height =
      Math.max(rows, 1) * ROW_HEIGHT +
      3 +
      (instants.length > 0 ? ROW_HEIGHT + 1 : 0);
    const canvas = element("canvas", {
      role: "img",
      ariaLabel: `Calls of ${trackName(track)}`,
    });
    const name = element(
      "button",
      { type: "button", className: "row-name", ariaExpanded: "true" },
      element("b", {}, trackName(track)),
      element("small", {}, this.aboutTrack(track)),
    );
    const row = element(
      "div",
      { className: "track", data: { track: track.index } },
      name,
      levels.depth > rows ? this.makeExpand(track, height, rows) : null,
      canvas,
    );
    section.append(row);
    name.addEventListener("click", () => this.toggle(row, name));
    this.addRow(row, height, (width) =>
      this.makeTrack(track, instants, canvas, width, height),
    );
    track.element = row;
  }

  /** A button that gives a track room for all its levels, or takes it. */
  makeExpand(track, height, rows) {
    const { depth } = track.levels;
    const label = (isAll) => (isAll ? "Fewer levels" : `All ${depth} levels`);
    const button = element(
      "button",
      { type: "button", className: "expand", ariaExpanded: "false" },
      label(false),
    );
    button.addEventListener("click", () => {
      const isAll = button.getAttribute("aria-expanded") === "false";
      const more = isAll ? Math.min(depth, ROWS_MAX) - rows : 0;
      button.setAttribute("aria-expanded", String(isAll));
      button.textContent = label(isAll);
      this.setHeight(track, height + more * ROW_HEIGHT);
    });
    return button;
  }

  setHeight(track, height) {
    const row = this.rows.get(track.element);
    track.element.style.setProperty("--height", `${height}px`);
    row.height = height;
    track.plugin.setPositionY(0);
    this.view.resize(row.chart, this.width, height);
    this.arrows.draw();
  }

  makeTrack(track, instants, canvas, width, height) {
    const plugins = [];
    if (instants.length > 0) {
      const marks = new InstantsPlugin(instants, `instants-${track.index}`);
      marks.on("select", ({ mark }) => {
        if (mark !== null) this.select({ kind: "instants", ...mark });
      });
      plugins.push(marks);
    }
    const calls = new TrackPlugin(track, this.levelsOf(track), this.look);
    calls.on("select", ({ row, stretch }) => {
      if (stretch !== null) {
        this.select({ kind: "stretch", stretch, track });
      } else {
        this.select(row < 0 ? null : { kind: "call", row, track });
      }
    });
    plugins.push(calls);
    track.plugin = calls;
    this.mark(track);
    return this.view.addChart(canvas, plugins, width, height);
  }

  toggle(row, name) {
    const isOpen = !row.classList.toggle("is-closed");
    name.setAttribute("aria-expanded", String(isOpen));
    this.arrows.draw();
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      const row = this.rows.get(target);
      if (isIntersecting && row.chart === null) {
        row.chart = row.make(this.width);
        this.view.forgetMouseOnLeave(row.chart);
      }
      if (row.chart !== null && row.chart.isShown !== isIntersecting) {
        row.chart.isShown = isIntersecting;
        this.view.apply(row.chart);
      }
    }
  }

  resize() {
    const width = this.measure();
    if (width === this.width || byId("timeline").hidden) {
      return;
    }
    this.width = width;
    for (const chart of this.view.charts) {
      this.view.resize(chart, width);
    }
  }

  restyle() {
    this.colours = functionColours(this.trace.functions);
    this.view.restyle();
  }

  timeAt(clientX) {
    const { left, width } = byId("tracks").getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (clientX - left) / width));
    return this.view.start + (this.view.end - this.view.start) * part;
  }

  /** Plain wheel scrolls the page; with Ctrl it zooms, with Shift it pans. */
  wheel(event) {
    event.stopPropagation();
    const { deltaX, deltaY, ctrlKey, metaKey, shiftKey } = event;
    if (ctrlKey || metaKey) {
      event.preventDefault();
      this.view.zoomBy(
        Math.exp(Math.max(-1, Math.min(1, deltaY / 250))),
        this.timeAt(event.clientX),
      );
    } else if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY)) {
      event.preventDefault();
      this.view.panBy((deltaX || deltaY) / this.width);
    }
  }

  /** Which functions stand out; null = all. */
  highlight(matches) {
    this.matches = matches;
    this.view.redraw();
  }

  mark(track) {
    if (track.plugin !== undefined) {
      const { selected } = this;
      track.plugin.selectedRow =
        selected?.kind === "call" && selected.track === track
          ? selected.row
          : -1;
    }
  }

  /** Where a selection begins, ns; null = there is none. */
  startOf(selection) {
    switch (selection?.kind) {
      case "call":
        return this.trace.columns.start[selection.row];
      case "instants":
        return selection.instants[0].time;
      case "point":
        return selection.counter.times[selection.index];
      case "stretch":
        return selection.stretch.start;
      default:
        return null;
    }
  }

  select(selection) {
    this.selected = selection;
    this.trace.tracks.forEach((track) => this.mark(track));
    for (const { plugin } of this.counters) {
      plugin.selectedIndex =
        selection?.kind === "point" && selection.counter === plugin.counter
          ? selection.index
          : -1;
    }
    this.cursor.select(this.startOf(selection));
    this.arrows.select(selection?.kind === "call" ? selection.row : -1);
    this.view.redraw();
    this.onSelect(selection);
  }

  /** Select a call and bring it into sight. */
  goTo(row, track) {
    const { columns } = this.trace;
    track.element.classList.remove("is-closed");
    this.view.reveal(
      columns.start[row],
      columns.start[row] + columns.duration[row],
    );
    if (track.plugin?.renderEngine !== undefined) {
      const y = columns.depth[row] * ROW_HEIGHT;
      const { positionY, renderEngine } = track.plugin;
      if (y < positionY || y + ROW_HEIGHT > positionY + renderEngine.height) {
        track.plugin.setPositionY(y - renderEngine.height / 2);
      }
    }
    this.select({ kind: "call", row, track });
    this.scrollTo(track, columns.depth[row]);
  }

  /** Where a level of a track begins, px from the top of #tracks; of a track
   * that is closed, its name. */
  topOf(track, depth) {
    const row = track.element;
    if (row.classList.contains("is-closed")) {
      return row.offsetTop;
    }
    const above = this.instantsOf[track.index].length > 0 ? ROW_HEIGHT + 1 : 0;
    const shift = track.plugin?.positionY ?? 0;
    const { offsetTop, offsetHeight } = row.querySelector("canvas");
    const y = above + depth * ROW_HEIGHT - shift;
    return (
      row.offsetTop +
      offsetTop +
      Math.max(0, Math.min(y, offsetHeight - ROW_HEIGHT))
    );
  }

  /** Scroll a row of a track into sight, between axis and details. */
  scrollTo(track, depth) {
    const main = document.querySelector("main");
    const { top, bottom } = main.getBoundingClientRect();
    const canvas = track.element.querySelector("canvas");
    const shift = track.plugin?.positionY ?? 0;
    const y = canvas.getBoundingClientRect().top + depth * ROW_HEIGHT - shift;
    const least = top + 4 * ROW_HEIGHT; // below axis and process
    const most = bottom - 4 * ROW_HEIGHT;
    if (y < least || y > most) {
      main.scrollTop += y - (least + most) / 2;
    }
  }

  goToInstant(instant) {
    this.view.reveal(instant.time, instant.time);
    this.select({ kind: "instants", instants: [instant] });
    this.scrollTo(this.trace.tracks[instant.track], 0);
  }

  goToPoint(counter, index) {
    const time = counter.times[index];
    this.view.reveal(time, time);
    this.select({ kind: "point", counter, index });
    this.counters
      .find(({ plugin }) => plugin.counter === counter)
      .row.scrollIntoView({ block: "nearest" });
  }

  /** What the counters of a process were at a time: "queue length 8". */
  counterTexts(process, timeNs) {
    return this.counters
      .filter(
        ({ plugin }) =>
          plugin.counter.process === process && plugin.indexAt(timeNs) >= 0,
      )
      .slice(0, COUNTERS_MAX)
      .map(({ plugin }) => {
        const { name, key } = plugin.counter;
        const what = key === "" || key === name ? name : `${name} ${key}`;
        return `${what} ${plugin.textAt(timeNs)}`;
      });
  }

  longestCall(fn) {
    return longestCall(this.trace.columns, fn.index);
  }

  /** Zoom to the selected call. */
  fit() {
    if (this.selected?.kind === "call") {
      const { columns } = this.trace;
      const { row } = this.selected;
      const margin = columns.duration[row] * 0.02;
      const start = columns.start[row];
      this.view.show(start - margin, start + columns.duration[row] + margin);
    }
  }
}
