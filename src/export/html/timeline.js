// SPDX-License-Identifier: Apache-2.0
/* The timeline: an axis, and below it for each process its counters and its
 * tracks. A track's chart is made when it is first scrolled into sight. */
import { functionColours, onThemeChange, theme } from "./colours.js";
import { byId, element, visible } from "./dom.js";
import { counted, duration } from "./format.js";
import { functionName, processName, trackName } from "./names.js";
import { COUNTER_HEIGHT, CounterPlugin, InstantsPlugin } from "./point_plugins.js";
import { Levels, TrackPlugin } from "./track_plugin.js";
import { AxisPlugin, ROW_HEIGHT, View } from "./view.js";

const ROWS_MIN = 24; // of a deep track, before it is cut
const KIND_NAMES = ["", "thread", "greenlet", "lane"];

export class Timeline {
  /** onSelect({kind: "call", row, track} | {kind: "instants", instants} |
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
    byId("tracks").addEventListener("wheel", (e) => this.wheel(e), {
      passive: false,
      capture: true,
    });
    byId("axis").addEventListener("wheel", (e) => this.wheel(e), {
      passive: false,
      capture: true,
    });
    new ResizeObserver(() => this.resize()).observe(byId("tracks"));
    onThemeChange(() => this.restyle());
  }

  measure() {
    return Math.max(120, byId("tracks").clientWidth);
  }

  addProcess(index) {
    const { trace } = this;
    const process = trace.processes[index];
    const ended = process.howText === "" ? "" : ` — ${visible(process.howText)}`;
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
    const row = element(
      "div",
      { className: "counter", data: { counter: counter.index } },
      element(
        "div",
        { className: "row-name" },
        element("b", {}, name),
        key === "" || key === name ? null : element("span", {}, key),
        element("small", {}, counted(counter.times.length, "point")),
      ),
      canvas,
    );
    section.append(row);
    this.addRow(row, COUNTER_HEIGHT, (width) => {
      const plugin = new CounterPlugin(counter, process.end);
      return this.view.addChart(canvas, [plugin], width, COUNTER_HEIGHT);
    });
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
    return `${KIND_NAMES[track.kind] ?? ""} ${track.tid} · ${parts.join(" · ")}`;
  }

  addTrack(section, track) {
    const instants = this.instantsOf[track.index];
    const levels = this.levelsOf(track);
    const cap = Math.max(ROWS_MIN, Math.floor(window.innerHeight / ROW_HEIGHT) - 14);
    const rows = Math.min(levels.depth, cap);
    const height =
      Math.max(rows, 1) * ROW_HEIGHT + 3 + (instants.length > 0 ? ROW_HEIGHT + 1 : 0);
    const canvas = element("canvas", {
      role: "img",
      ariaLabel: `Calls of ${trackName(track)}`,
    });
    const name = element(
      "button",
      { type: "button", className: "row-name", ariaExpanded: "true" },
      element("b", {}, trackName(track)),
      element("small", {}, this.aboutTrack(track)),
      levels.depth > rows
        ? element("small", {}, `${levels.depth} deep: drag down to see more`)
        : null,
    );
    const row = element(
      "div",
      { className: "track", data: { track: track.index } },
      name,
      canvas,
    );
    section.append(row);
    name.addEventListener("click", () => this.toggle(row, name));
    this.addRow(row, height, (width) =>
      this.makeTrack(track, instants, canvas, width, height),
    );
    track.element = row;
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
    calls.on("select", ({ row }) => {
      this.select(row < 0 ? null : { kind: "call", row, track });
    });
    plugins.push(calls);
    track.plugin = calls;
    this.mark(track);
    return this.view.addChart(canvas, plugins, width, height);
  }

  toggle(row, name) {
    const isOpen = !row.classList.toggle("is-closed");
    name.setAttribute("aria-expanded", String(isOpen));
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

  select(selection) {
    this.selected = selection;
    this.trace.tracks.forEach((track) => this.mark(track));
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

  /** Scroll a row of a track into sight, between axis and details. */
  scrollTo(track, depth) {
    const main = document.querySelector("main");
    const { top, bottom } = main.getBoundingClientRect();
    const canvas = track.element.querySelector("canvas");
    const shift = track.plugin?.positionY ?? 0;
    const y =
      canvas.getBoundingClientRect().top + depth * ROW_HEIGHT - shift;
    const least = top + 4 * ROW_HEIGHT; // below axis and process
    const most = bottom - 4 * ROW_HEIGHT;
    if (y < least || y > most) {
      main.scrollTop += y - (least + most) / 2;
    }
  }

  goToInstant(instant) {
    this.view.reveal(instant.time, instant.time);
    this.select({
      kind: "instants",
      timestamp: instant.time,
      instants: [instant],
    });
    this.scrollTo(this.trace.tracks[instant.track], 0);
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

  /** The selection goes to a neighbour; false when there is none. */
  step(find) {
    if (this.selected?.kind !== "call") {
      return false;
    }
    const { row, track } = this.selected;
    const to = find(this.levelsOf(track), row);
    if (to >= 0) {
      this.goTo(to, track);
    }
    return true;
  }
}

export const leftOutText = (trace) => {
  const left = trace.calls - trace.slices;
  return left > 0
    ? `The timeline shows the ${counted(trace.slices, "longest call")}; ` +
        `${counted(left, "call")} shorter than ${duration(trace.leastNs)} are ` +
        "left out. The table of functions and the flame graph count all."
    : null;
};
