// SPDX-License-Identifier: Apache-2.0
/* What is known of the selected call or instants; text only. */
import { byId, element, visible } from "./dom.js";
import { duration, exactTime, percent } from "./format.js";
import { functionName, labelOf, placeOf, processName, trackName } from "./names.js";
import { instantTitle, phaseName, scopeName } from "./point_plugins.js";
import { KIND_C } from "./reader.js";

const FLAGS = [
  [1, "still open where the trace ends"],
  [2, "its begin is not known"],
  [4, "its return was not seen"],
  [8, "left by an exception"],
  [16, "paused, to go on later"],
  [32, "goes on after a pause"],
];
const CALLERS_MAX = 30;

/** Rows of a list: [id, term, what]; null rows are left out. */
function list(rows) {
  const items = rows
    .filter((row) => row !== null)
    .flatMap(([id, term, what]) => [
      element("dt", { data: { of: id } }, term),
      element("dd", { data: { field: id } }, what),
    ]);
  return element("dl", {}, ...items);
}

function prettyArguments(text) {
  try {
    return visible(JSON.stringify(JSON.parse(text), null, 1).replace(/\n\s*/g, " "));
  } catch {
    return visible(text);
  }
}

function head(title, ...buttons) {
  const close = element("button", {
    type: "button",
    id: "details-close",
    title: "Close (Esc)",
    ariaLabel: "Close",
  }, "×");
  return element(
    "div",
    { className: "details-head" },
    element("h2", { id: "details-title" }, title),
    ...buttons,
    close,
  );
}

function callersOf(trace, { row, track }, goTo) {
  const callers = [];
  const { levels } = track;
  for (
    let caller = levels.parent(row);
    caller >= 0 && callers.length < CALLERS_MAX;
    caller = levels.parent(caller)
  ) {
    const to = caller;
    const fn = trace.functions[trace.columns.fn[to]];
    const link = element("button", { type: "button", className: "link" },
      functionName(fn));
    link.addEventListener("click", () => goTo(to, track));
    callers.push(callers.length > 0 ? " ← " : "", link);
  }
  return callers.length > 0
    ? element("span", {}, ...callers)
    : "none on the timeline";
}

function aboutCall(trace, selection, actions) {
  const { columns } = trace;
  const { row, track } = selection;
  const fn = trace.functions[columns.fn[row]];
  const spent = columns.duration[row];
  const self = spent - columns.callees[row];
  const isOpen = (columns.flags[row] & 1) !== 0;
  const notes = FLAGS.filter(([flag]) => columns.flags[row] & flag);
  const zoom = element("button", { type: "button" }, "Zoom to it (f)");
  const table = element("button", { type: "button" }, "In the table");
  zoom.addEventListener("click", actions.fit);
  table.addEventListener("click", () => actions.showFunction(fn));
  return [
    head(functionName(fn), zoom, table),
    list([
      fn.file === "" ? null : ["place", "Defined", placeOf(fn)],
      ["duration", "Duration", `${isOpen ? "≥ " : ""}${duration(spent)}`],
      ["self", "Self", `${duration(self)} (${percent(self, spent)})`],
      ["start", "Start", exactTime(columns.start[row])],
      ["end", "End", exactTime(columns.start[row] + spent)],
      ["track", "Thread", `${trackName(track)} (${track.tid})`],
      ["process", "Process", processName(trace.processes[track.process])],
      ["depth", "Depth", String(columns.depth[row] + 1)],
      ["kind", "Kind", fn.kind === KIND_C ? "C function" : "Python function"],
      notes.length > 0
        ? ["notes", "Note", notes.map(([, text]) => text).join(", ")]
        : null,
      columns.args.has(row)
        ? ["args", "Arguments", prettyArguments(columns.args.get(row))]
        : null,
      ["callers", "Called by", callersOf(trace, selection, actions.goTo)],
    ]),
  ];
}

function aboutInstant(trace, instant) {
  const track = trace.tracks[instant.track];
  const isObject = instant.phase !== 0;
  return list([
    ["name", isObject ? "Object" : "Instant", visible(instant.name)],
    isObject ? ["phase", "Phase", phaseName(instant.phase)] : null,
    isObject ? ["id", "Id", visible(instant.id)] : null,
    ["start", "Time", exactTime(instant.time)],
    isObject ? null : ["scope", "Scope", scopeName(instant.scope)],
    ["track", "Thread", `${trackName(track)} (${track.tid})`],
    ["process", "Process", processName(trace.processes[track.process])],
    ["args", "Arguments", instant.args === "" ? "none" : prettyArguments(instant.args)],
  ]);
}

const INSTANTS_MAX = 50;

/** Show a selection of the timeline, or nothing. */
export function showDetails(trace, selection, actions) {
  const pane = byId("details");
  pane.hidden = selection === null;
  if (selection === null) {
    pane.replaceChildren();
    return;
  }
  if (selection.kind === "call") {
    pane.dataset.row = selection.row;
    pane.replaceChildren(...aboutCall(trace, selection, actions));
  } else {
    const { instants } = selection;
    const title =
      instants.length === 1
        ? instantTitle(instants[0])
        : `${instants.length} instants here`;
    pane.replaceChildren(
      head(title),
      ...instants
        .slice(0, INSTANTS_MAX)
        .map((instant) => aboutInstant(trace, instant)),
    );
  }
  byId("details-close").addEventListener("click", actions.close);
}

const tip = byId("tip");

/** The tooltip that flame-chart-js asks for each time it draws a chart; region
 * null = none, which hides that of the same chart only. */
export function makeTooltip(trace) {
  let owner = null;
  return (region, engine, mouse) => {
    if (region === null) {
      tip.hidden = tip.hidden || engine === owner;
      return;
    }
    owner = engine.parent;
    tip.hidden = false;
    tip.replaceChildren(...tipOf(trace, region));
    const canvas = engine.parent.canvas.getBoundingClientRect();
    const x = canvas.left + mouse.x + 14;
    const y = canvas.top + mouse.y + 16;
    const { offsetWidth, offsetHeight } = tip;
    tip.style.left = `${Math.max(4, Math.min(x, window.innerWidth - offsetWidth - 4))}px`;
    tip.style.top = `${y + offsetHeight > window.innerHeight ? y - offsetHeight - 26 : y}px`;
  };
}

function tipOf(trace, region) {
  if (region.type === "node") {
    const { row } = region.data;
    const { columns } = trace;
    const fn = trace.functions[columns.fn[row]];
    const self = columns.duration[row] - columns.callees[row];
    return [
      element("b", {}, labelOf(fn)),
      element("span", {}, `${duration(columns.duration[row])}, self ${duration(self)}`),
      region.count > 1
        ? element("span", {}, `the longest of ${region.count} calls here`)
        : "",
    ];
  }
  if (region.type === "timestamp") {
    return region.data.instants
      .slice(0, 8)
      .map((instant) =>
        element(
          "span",
          {},
          `${instantTitle(instant)} ${visible(instant.args.slice(0, 200))}`,
        ),
      );
  }
  if (region.type === "counter") {
    const { counter, value, time } = region;
    return [
      element("b", {}, `${visible(counter.name)} ${visible(counter.key)}`),
      element("span", {}, value === null ? "no value yet" : String(value)),
      element("span", {}, exactTime(time)),
    ];
  }
  return [];
}
