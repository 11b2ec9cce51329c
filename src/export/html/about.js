// SPDX-License-Identifier: Apache-2.0
/* What the page says of the recording: its heading, what must be known before
 * it is trusted, and how it was made. */
import { byId, element, visible } from "./dom.js";
import { counted, duration, grouped, wallClock } from "./format.js";
import { processName } from "./names.js";
import { commandText, narrowCommand } from "./shell.js";

const KIND_THREAD = 1; // of a track
const PROCESSES_MAX = 100; // that are told of one by one

function factsOf(trace) {
  const sources = trace.source.pieces.size;
  const threads = trace.tracks.filter(
    ({ kind }) => kind === KIND_THREAD,
  ).length;
  const others = trace.tracks.length - threads;
  return [
    ["duration", duration(trace.duration)],
    ["calls", counted(trace.calls, "call")],
    ["processes", counted(trace.processes.length, "process", "processes")],
    ["threads", counted(threads, "thread")],
    others > 0 ? ["tracks", counted(others, "other track")] : null,
    trace.startMs > 0
      ? ["recorded", `recorded ${wallClock(trace.startMs)}`]
      : null,
    [
      "source",
      sources > 0
        ? `holds source text of ${counted(sources, "file")}`
        : "holds no source text",
    ],
  ].filter((fact) => fact !== null);
}

function noteOfRoom(trace) {
  const left = trace.calls - trace.slices;
  return left > 0
    ? `The timeline shows the ${counted(trace.slices, "longest call")}; ` +
        `${counted(left, "call")} shorter than ${duration(trace.leastNs)} ` +
        `${left === 1 ? "is" : "are"} left out: zoom in, and hatches show ` +
        "where. The table of functions and the flame graph count all."
    : null;
}

const notesOfPoints = (trace) => [
  trace.instantStep > 1
    ? `Of ${counted(trace.instants, "instant")} 1 in ` +
      `${grouped(trace.instantStep)} is shown.`
    : null,
  trace.cutArguments > 0
    ? `Arguments of ${counted(trace.cutArguments, "instant")} are cut after ` +
      `${grouped(trace.argumentsMax)} bytes.`
    : null,
  trace.cutCallArguments > 0
    ? `Arguments of ${counted(trace.cutCallArguments, "call")} are cut short, ` +
      "or left out, those of the shortest calls first."
    : null,
  trace.thinnedSeries > 0
    ? `${counted(trace.thinnedSeries, "counter")} with very many points: of ` +
      "each stretch the least and the largest value are shown."
    : null,
];

/** What somebody must know before they trust the page. */
function notesOf(trace) {
  return [
    noteOfRoom(trace),
    ...notesOfPoints(trace),
    trace.arrows.all > trace.arrows.list.length
      ? `Of ${counted(trace.arrows.all, "arrow")} between calls ` +
        `${grouped(trace.arrows.list.length)} are on this page.`
      : null,
    trace.source.filesLeftOut > 0
      ? `The source text of ${counted(trace.source.filesLeftOut, "file")} had ` +
        "no room on this page."
      : null,
    trace.intervals > 0
      ? "Only what began while the program was recording is shown."
      : null,
    trace.isLive
      ? "The program was still running when this page was made."
      : null,
    ...trace.notes,
  ].filter((note) => note !== null);
}

/** The command that makes a page of what the timeline shows now. */
function makeNarrowing(trace, view) {
  const command = element("code", { id: "narrow-command" });
  const update = () => {
    const { start, end } = view;
    const margin = (end - start) / 4;
    const isAll = end - start >= trace.duration;
    command.textContent = narrowCommand(
      trace,
      isAll ? trace.duration / 2 - margin / 2 : start,
      isAll ? trace.duration / 2 + margin / 2 : end,
    );
  };
  view.onChange(update);
  update();
  return element(
    "li",
    {},
    "With every call, of the part that is shown (zoom in first): ",
    command,
  );
}

/** Rows of a list: [term, what]; without a what, none. */
const list = (rows) =>
  element(
    "dl",
    {},
    ...rows
      .filter(([, what]) => what !== "" && what !== null)
      .flatMap(([term, what]) => [
        element("dt", {}, term),
        element("dd", { data: { about: term.toLowerCase() } }, what),
      ]),
  );

function aboutProcess(process) {
  const command = commandText(process.arguments);
  return element(
    "section",
    {},
    element("h3", {}, processName(process)),
    list([
      ["Command", visible(command)],
      [
        "Python",
        visible(
          [process.executable, process.python.split("\n")[0]]
            .filter((text) => text !== "")
            .join(" · "),
        ),
      ],
      ["Directory", visible(process.directory)],
      ["Started", process.startedMs > 0 ? wallClock(process.startedMs) : ""],
      [
        "Ended",
        visible(process.howText === "" ? process.how : process.howText),
      ],
      ["Lost", process.lost > 0 ? counted(process.lost, "call") : ""],
    ]),
  );
}

function aboutSource(trace) {
  const { pieces, filesLeftOut } = trace.source;
  if (pieces.size > 0) {
    return (
      `This page holds the lines around the functions of ${counted(pieces.size, "file")}` +
      `${filesLeftOut > 0 ? `, and leaves out ${counted(filesLeftOut, "file")}` : ""}. ` +
      "viztracer export --no_source leaves out all."
    );
  }
  return trace.wantsSource
    ? "The recording holds no source text."
    : "Left out (--no_source).";
}

function fillAbout(trace) {
  const { processes } = trace;
  byId("about-list").replaceChildren(
    list([
      ["Made by", `viztracer ${trace.version}`],
      ["Of", visible(trace.inputs.join(", "))],
      ["Begins", trace.startMs > 0 ? wallClock(trace.startMs) : ""],
      [
        "Calls",
        `${grouped(trace.calls)}, ${grouped(trace.slices)} of them on the timeline`,
      ],
      [
        "Arrows",
        trace.arrows.all > 0
          ? `${counted(trace.arrows.all, "arrow")} between calls ([ and ] follow them)`
          : "",
      ],
      [
        "Unfinished",
        trace.unfinished > 0
          ? `${counted(trace.unfinished, "call")} still open where the trace ends; hatched`
          : "",
      ],
      [
        "Not recorded",
        trace.lost > 0 ? `${counted(trace.lost, "call")}; red stripes` : "",
      ],
      ["Source text", aboutSource(trace)],
    ]),
    ...processes.slice(0, PROCESSES_MAX).map(aboutProcess),
    processes.length > PROCESSES_MAX
      ? `and ${counted(processes.length - PROCESSES_MAX, "more process", "more processes")}`
      : "",
  );
}

/** Fill in the head of the page; the view is of the timeline. */
export function fillHeader(trace, view) {
  const title = visible(trace.processes[0]?.name ?? "Empty trace");
  const notes = notesOf(trace).map((note) => element("li", {}, visible(note)));
  document.title = `${title} – viztracer`;
  byId("title").textContent = title;
  byId("facts").replaceChildren(
    ...factsOf(trace).map(([id, text]) =>
      element("li", { data: { fact: id } }, text),
    ),
  );
  if (trace.calls > trace.slices) {
    notes.splice(1, 0, makeNarrowing(trace, view));
  }
  byId("notes").hidden = notes.length === 0;
  byId("notes").replaceChildren(...notes);
  fillAbout(trace);
}
