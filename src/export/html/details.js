// SPDX-License-Identifier: Apache-2.0
/* What is known of the selection; text only. */
import { rankOf, stepInLength, trackOf } from "./calls.js";
import { byId, element, visible } from "./dom.js";
import { counted, duration, exactTime, grouped, percent } from "./format.js";
import {
  functionName,
  placeOf,
  processName,
  trackLabel,
  trackName,
} from "./names.js";
import { instantTitle, phaseName, scopeName } from "./point_plugins.js";
import { KIND_C, KIND_PYTHON } from "./reader.js";
import { narrowCommand } from "./shell.js";
import { makeSource } from "./source.js";

const FLAGS = [
  [1, "still open where the trace ends"],
  [2, "its begin is not known"],
  [4, "its return was not seen"],
  [8, "left by an exception"],
  [16, "paused, to go on later"],
  [32, "goes on after a pause"],
];
const KINDS = { [KIND_PYTHON]: "Python function", [KIND_C]: "C function" };
const CALLERS_MAX = 30;
const INSTANTS_MAX = 50;
const ARROWS_MAX = 20;

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
    return visible(
      JSON.stringify(JSON.parse(text), null, 1).replace(/\n\s*/g, " "),
    );
  } catch {
    return visible(text);
  }
}

/** A button that does something; one without something to do is disabled. */
function button(text, title, act) {
  const node = element(
    "button",
    { type: "button", title, disabled: act === null },
    text,
  );
  if (act !== null) node.addEventListener("click", act);
  return node;
}

function head(title, ...buttons) {
  const close = element(
    "button",
    {
      type: "button",
      id: "details-close",
      title: "Close (Esc)",
      ariaLabel: "Close",
    },
    "×",
  );
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
    caller >= 0 && callers.length < 2 * CALLERS_MAX;
    caller = levels.parent(caller)
  ) {
    const to = caller;
    const fn = trace.functions[trace.columns.fn[to]];
    const link = element(
      "button",
      { type: "button", className: "link" },
      functionName(fn),
    );
    link.addEventListener("click", () => goTo(to, track));
    callers.push(callers.length > 0 ? " ← " : "", link);
  }
  return callers.length > 0
    ? element("span", {}, ...callers)
    : "none on the timeline";
}

/** "36.0 % of its caller, 12.0 % of the trace" */
function shareOf(trace, { row, track }) {
  const { columns } = trace;
  const caller = track.levels.parent(row);
  const spent = columns.duration[row];
  const ofTrace = `${percent(spent, trace.duration)} of the trace`;
  return caller < 0
    ? ofTrace
    : `${percent(spent, columns.duration[caller])} of its caller, ${ofTrace}`;
}

function rankText(trace, row) {
  const { rank, count } = rankOf(trace.columns, row);
  const which = rank === 1 ? "the longest" : `no. ${grouped(rank)} by duration`;
  return `${which} of ${counted(count, "call")}`;
}

function stepToLength(trace, row, isSlower, goTo) {
  const to = stepInLength(trace.columns, row, isSlower);
  return to < 0 ? null : () => goTo(to, trackOf(trace, to));
}

/** Rows of the arrows that reach ("in") or leave ("out") a call. */
function arrowRow(trace, actions, row, way, title) {
  const arrows = actions.arrowsOf(row, way);
  if (arrows.length === 0) {
    return null;
  }
  const links = arrows.slice(0, ARROWS_MAX).flatMap((arrow, i) => {
    const other = way === "in" ? arrow.from : arrow.to;
    const track = trace.tracks[other.track];
    const what =
      other.row < 0
        ? "a call that is left out"
        : functionName(trace.functions[trace.columns.fn[other.row]]);
    const link = element(
      "button",
      { type: "button", className: "link", disabled: other.row < 0 },
      `${what} (${trackName(track)})`,
    );
    link.addEventListener("click", () => actions.goTo(other.row, track));
    return [
      i > 0 ? ", " : "",
      `${visible(arrow.name)} ${way === "in" ? "from" : "to"} `,
      link,
    ];
  });
  const more = arrows.length - ARROWS_MAX;
  const rest = more > 0 ? `, and ${grouped(more)} more` : "";
  return [`arrows-${way}`, title, element("span", {}, ...links, rest)];
}

function factsOfCall(trace, selection, actions) {
  const { columns } = trace;
  const { row, track } = selection;
  const fn = trace.functions[columns.fn[row]];
  const spent = columns.duration[row];
  const self = spent - columns.callees[row];
  const isOpen = (columns.flags[row] & 1) !== 0;
  const notes = FLAGS.filter(([flag]) => columns.flags[row] & flag);
  const left = columns.left?.[row] ?? 0;
  return list([
    fn.file === "" ? null : ["place", "Defined", placeOf(fn)],
    ["duration", "Duration", `${isOpen ? "≥ " : ""}${duration(spent)}`],
    ["self", "Self", `${duration(self)} (${percent(self, spent)})`],
    ["share", "Share", shareOf(trace, selection)],
    ["rank", "Rank", rankText(trace, row)],
    ["start", "Start", exactTime(columns.start[row])],
    ["end", "End", exactTime(columns.start[row] + spent)],
    ["track", "Thread", trackLabel(track)],
    ["process", "Process", processName(trace.processes[track.process])],
    ["depth", "Depth", String(columns.depth[row] + 1)],
    KINDS[fn.kind] === undefined ? null : ["kind", "Kind", KINDS[fn.kind]],
    notes.length > 0
      ? ["notes", "Note", notes.map(([, text]) => text).join(", ")]
      : null,
    left > 0
      ? [
          "left",
          "Left out",
          `${counted(left, "call")} in it, shorter than ${duration(trace.leastNs)}`,
        ]
      : null,
    ...countersAt(actions.counterTexts(track.process, columns.start[row])),
    columns.args.has(row)
      ? ["args", "Arguments", prettyArguments(columns.args.get(row))]
      : null,
    ["callers", "Called by", callersOf(trace, selection, actions.goTo)],
    arrowRow(trace, actions, row, "in", "Follows"),
    arrowRow(trace, actions, row, "out", "Leads to"),
  ]);
}

function aboutCall(trace, selection, actions) {
  const { row } = selection;
  const fn = trace.functions[trace.columns.fn[row]];
  const { goTo } = actions;
  return [
    head(
      functionName(fn),
      button("Zoom to it", "Zoom to it (f)", actions.fit),
      button(
        "Slower",
        "The next slower call of this function (()",
        stepToLength(trace, row, true, goTo),
      ),
      button(
        "Faster",
        "The next faster call of this function ())",
        stepToLength(trace, row, false, goTo),
      ),
      button("In the table", "Its row in the table of functions", () =>
        actions.showFunction(fn),
      ),
    ),
    element(
      "div",
      { className: "details-body" },
      factsOfCall(trace, selection, actions),
      makeSource(trace, fn),
    ),
  ];
}

/** The row of what counters were then. */
const countersAt = (texts) =>
  texts.length > 0 ? [["counters", "Counters", visible(texts.join(", "))]] : [];

function aboutInstant(trace, actions, instant) {
  const track = trace.tracks[instant.track];
  const isObject = instant.phase !== 0;
  return list([
    ["name", isObject ? "Object" : "Instant", visible(instant.name)],
    isObject ? ["phase", "Phase", phaseName(instant.phase)] : null,
    isObject ? ["id", "Id", visible(instant.id)] : null,
    ["start", "Time", exactTime(instant.time)],
    isObject ? null : ["scope", "Scope", scopeName(instant.scope)],
    ["track", "Thread", trackLabel(track)],
    ["process", "Process", processName(trace.processes[track.process])],
    ...countersAt(actions.counterTexts(track.process, instant.time)),
    [
      "args",
      "Arguments",
      instant.args === "" ? "none" : prettyArguments(instant.args),
    ],
  ]);
}

function aboutInstants(trace, { instants }, actions) {
  const more = instants.length - INSTANTS_MAX;
  return [
    head(
      instants.length === 1
        ? instantTitle(instants[0])
        : `${grouped(instants.length)} instants here`,
    ),
    ...instants
      .slice(0, INSTANTS_MAX)
      .map((instant) => aboutInstant(trace, actions, instant)),
    more > 0 ? element("p", {}, `and ${grouped(more)} more: zoom in`) : "",
  ];
}

/** A point of a counter, and how it differs from the one before. */
function aboutPoint(trace, { counter, index }, actions) {
  const { times, values } = counter;
  const value = values[index];
  const change = index > 0 ? value - values[index - 1] : null;
  const isLast = index + 1 === times.length;
  const goTo = (to) => () => actions.goToPoint(counter, to);
  return [
    head(
      visible(counter.name),
      button(
        "Before",
        "The point before (←)",
        index > 0 ? goTo(index - 1) : null,
      ),
      button("Next", "The next point (→)", isLast ? null : goTo(index + 1)),
    ),
    list([
      ["key", "Key", visible(counter.key)],
      ["value", "Value", String(value)],
      change === null
        ? null
        : ["change", "Change", `${change > 0 ? "+" : ""}${change}`],
      ["start", "Since", exactTime(times[index])],
      isLast ? null : ["end", "Until", exactTime(times[index + 1])],
      ["point", "Point", `${grouped(index + 1)} of ${grouped(times.length)}`],
      ["process", "Process", processName(trace.processes[counter.process])],
    ]),
  ];
}

function aboutStretch(trace, { stretch, track }) {
  const { start, end, count } = stretch;
  return [
    head(`${counted(count, "call")} left out`),
    list([
      [
        "left",
        "What",
        `calls shorter than ${duration(trace.leastNs)}, for which ` +
          "this page has no room; the table of functions counts them",
      ],
      ["start", "From", exactTime(start)],
      ["end", "To", exactTime(end)],
      ["track", "Thread", trackLabel(track)],
      [
        "command",
        "See them",
        element("code", {}, narrowCommand(trace, start, end)),
      ],
    ]),
  ];
}

const ABOUT = {
  call: aboutCall,
  instants: aboutInstants,
  point: aboutPoint,
  stretch: aboutStretch,
};

/** Show a selection of the timeline, or nothing. */
export function showDetails(trace, selection, actions) {
  const pane = byId("details");
  pane.hidden = selection === null;
  if (selection === null) {
    pane.replaceChildren();
    return;
  }
  pane.replaceChildren(...ABOUT[selection.kind](trace, selection, actions));
  pane.scrollTop = 0;
  byId("details-close").addEventListener("click", actions.close);
}
