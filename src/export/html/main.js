// SPDX-License-Identifier: Apache-2.0
/* The page: read the trace, fill in the views, and what keys do. */
import { makeTooltip, showDetails } from "./details.js";
import { byId, element, visible } from "./dom.js";
import { Flame } from "./flame.js";
import { counted, duration, grouped } from "./format.js";
import { FunctionTable } from "./functions.js";
import { inflate, readTrace } from "./reader.js";
import { Search } from "./search.js";
import { Timeline, leftOutText } from "./timeline.js";
import "./page.css";

const TABS = ["timeline", "flame", "functions"];

function factsOf(trace) {
  const started = new Date(trace.startMs);
  return [
    ["duration", duration(trace.duration)],
    ["calls", counted(trace.calls, "call")],
    ["processes", counted(trace.processes.length, "process", "processes")],
    ["threads", counted(trace.tracks.length, "thread")],
    trace.startMs > 0
      ? ["recorded", `recorded ${started.toLocaleString()}`]
      : null,
    ["version", `viztracer ${trace.version}`],
  ].filter((fact) => fact !== null);
}

/** What somebody must know before they trust the page. */
function notesOf(trace) {
  const notes = [];
  const room = leftOutText(trace);
  if (room !== null) notes.push(room);
  if (trace.instantStep > 1) {
    notes.push(
      `Of ${counted(trace.instants, "instant")} 1 in ` +
        `${grouped(trace.instantStep)} is shown.`,
    );
  }
  if (trace.cutArguments > 0) {
    notes.push(
      `Arguments of ${counted(trace.cutArguments, "instant")} are cut after ` +
        `${grouped(trace.argumentsMax)} bytes.`,
    );
  }
  if (trace.cutCallArguments > 0) {
    notes.push(
      `Arguments of ${counted(trace.cutCallArguments, "call")} are cut short ` +
        "or left out.",
    );
  }
  if (trace.thinnedSeries > 0) {
    notes.push(
      `${counted(trace.thinnedSeries, "counter")} with very many points: of ` +
        "each stretch the least and the largest value are shown.",
    );
  }
  if (trace.intervals > 0) {
    notes.push("Only what began while the program was recording is shown.");
  }
  if (trace.isLive) {
    notes.push("The program was still running when this page was made.");
  }
  return notes.concat(trace.notes);
}

function fillHeader(trace) {
  const title = visible(trace.processes[0]?.name ?? "Empty trace");
  document.title = `${title} – viztracer`;
  byId("title").textContent = title;
  byId("facts").replaceChildren(
    ...factsOf(trace).map(([id, text]) =>
      element("li", { data: { fact: id } }, text),
    ),
  );
  const notes = notesOf(trace);
  byId("notes").hidden = notes.length === 0;
  byId("notes").replaceChildren(
    ...notes.map((note) => element("li", {}, visible(note))),
  );
}

const KEYS = [
  ["w s, + −", "zoom in and out"],
  ["a d", "pan"],
  ["0", "the whole trace"],
  ["← → ↑ ↓", "the call before, behind, around, inside the selected one"],
  ["f", "zoom to the selected call"],
  ["/", "search; Enter or n the next match, N the one before"],
  ["Esc", "clear the search, then the selection"],
  ["1 2 3", "timeline, flame graph, functions"],
  ["?", "this list"],
];

class Page {
  constructor(trace) {
    this.trace = trace;
    this.search = null;
    this.place = null;
    this.timeline = new Timeline(
      trace,
      (selection) => this.onSelect(selection),
      makeTooltip(trace),
    );
    this.functions = new FunctionTable(trace, (fn) => this.openFunction(fn));
    this.flame = new Flame(trace);
    this.wireTabs();
    this.wireSearch();
    this.wireButtons();
    document.addEventListener("keydown", (event) => this.onKey(event));
    byId("help-keys").replaceChildren(
      ...KEYS.flatMap(([keys, what]) => [
        element("dt", {}, keys),
        element("dd", {}, what),
      ]),
    );
  }

  onSelect(selection) {
    showDetails(this.trace, selection, {
      fit: () => this.timeline.fit(),
      close: () => this.timeline.select(null),
      goTo: (row, track) => this.timeline.goTo(row, track),
      showFunction: (fn) => {
        this.showTab("functions");
        this.functions.show(fn);
      },
    });
    if (selection?.kind === "call") {
      const { row } = selection;
      this.place = { time: this.trace.columns.start[row], order: row };
      this.renderCount();
    }
  }

  wireTabs() {
    for (const name of TABS) {
      const tab = byId(`tab-${name}`);
      tab.addEventListener("click", () => this.showTab(name));
      tab.addEventListener("keydown", ({ key }) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
        if (step !== undefined) {
          const at = TABS.indexOf(name) + step + TABS.length;
          this.showTab(TABS[at % TABS.length]);
          byId(`tab-${TABS[at % TABS.length]}`).focus();
        }
      });
    }
  }

  showTab(name) {
    for (const other of TABS) {
      const isShown = other === name;
      byId(other).hidden = !isShown;
      byId(`tab-${other}`).setAttribute("aria-selected", String(isShown));
      byId(`tab-${other}`).tabIndex = isShown ? 0 : -1;
    }
    document.body.dataset.tab = name;
    if (name === "flame") this.flame.open();
    if (name === "timeline") this.timeline.resize();
    byId("details").hidden =
      name !== "timeline" || this.timeline.selected === null;
  }

  wireSearch() {
    const text = byId("search-text");
    text.addEventListener("input", () => this.find(text.value.trim()));
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.step(false);
    });
    byId("search-previous").addEventListener("click", () => this.step(true));
  }

  /** Search for a text; "" = for nothing. */
  find(text) {
    this.search = text === "" ? null : new Search(this.trace, text);
    this.place = null;
    const matches = this.search?.functions ?? null;
    this.timeline.highlight(matches);
    this.functions.filter(matches);
    this.flame.highlight(matches);
    const isEmpty = this.search === null || this.search.count === 0;
    byId("search-next").disabled = isEmpty;
    byId("search-previous").disabled = isEmpty;
    this.renderCount();
  }

  renderCount() {
    const { search, place } = this;
    const out = byId("search-count");
    if (search === null) {
      out.textContent = "";
      return;
    }
    const isHit =
      place !== null &&
      (place.order >= this.trace.columns.count ||
        search.functions[this.trace.columns.fn[place.order]] === 1);
    const of = isHit ? `${grouped(search.numberOf(place))} of ` : "";
    const all = search.calls + search.instants.length;
    const more = all > search.count ? ` (of ${grouped(all)} calls)` : "";
    out.textContent = `${of}${grouped(search.count)} found${more}`;
    out.dataset.count = search.count;
    out.dataset.calls = search.calls;
  }

  /** To the next match, or the one before. */
  step(isBackward) {
    if (this.search === null || this.search.count === 0) {
      return;
    }
    const hit = this.search.next(this.place, isBackward);
    this.showTab("timeline");
    if (hit.track !== null) {
      this.timeline.goTo(hit.order, hit.track);
    } else {
      this.timeline.goToInstant(hit.instant);
    }
    this.place = { time: hit.time, order: hit.order };
    this.renderCount();
  }

  /** From the table: search for exactly this name, and go there. */
  openFunction(fn) {
    byId("search-text").value = fn.name;
    this.find(fn.name);
    this.step(false);
  }

  wireButtons() {
    const { view } = this.timeline;
    byId("zoom-in").addEventListener("click", () => view.zoomBy(0.5));
    byId("zoom-out").addEventListener("click", () => view.zoomBy(2));
    byId("zoom-all").addEventListener("click", () => this.showAll());
    byId("help-open").addEventListener("click", () => byId("help").showModal());
  }

  showAll() {
    this.timeline.view.show(0, this.trace.duration);
    this.flame.reset();
  }

  escape() {
    const text = byId("search-text");
    if (text.value !== "") {
      text.value = "";
      this.find("");
    } else {
      this.timeline.select(null);
    }
    text.blur();
  }

  actionOf(event) {
    const { view } = this.timeline;
    const actions = {
      w: () => view.zoomBy(0.7),
      "+": () => view.zoomBy(0.7),
      "=": () => view.zoomBy(0.7),
      s: () => view.zoomBy(1 / 0.7),
      "-": () => view.zoomBy(1 / 0.7),
      a: () => view.panBy(-0.15),
      d: () => view.panBy(0.15),
      0: () => this.showAll(),
      f: () => this.timeline.fit(),
      n: () => this.step(false),
      N: () => this.step(true),
      "/": () => byId("search-text").focus(),
      "?": () => byId("help").showModal(),
      1: () => this.showTab("timeline"),
      2: () => this.showTab("flame"),
      3: () => this.showTab("functions"),
    };
    const steps = {
      ArrowLeft: (levels, row) => levels.beside(row, -1),
      ArrowRight: (levels, row) => levels.beside(row, 1),
      ArrowUp: (levels, row) => levels.parent(row),
      ArrowDown: (levels, row) => levels.child(row),
    };
    if (event.key in steps && !byId("timeline").hidden) {
      return this.timeline.selected?.kind === "call"
        ? () => this.timeline.step(steps[event.key])
        : undefined;
    }
    return actions[event.key];
  }

  onKey(event) {
    const target =
      event.target instanceof Element ? event.target : document.body;
    const isTyping = target.tagName === "INPUT";
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) {
      return;
    }
    if (event.key === "Escape") {
      this.escape();
      return;
    }
    const isOfTab =
      target.getAttribute("role") === "tab" && event.key.startsWith("Arrow");
    if (isTyping || isOfTab) {
      return;
    }
    const action = this.actionOf(event);
    if (action !== undefined) {
      event.preventDefault();
      action();
    }
  }
}

async function open() {
  const data = byId("trace-data");
  const trace = readTrace(await inflate(data.textContent));
  data.remove(); // its text is no longer needed
  fillHeader(trace);
  const page = new Page(trace);
  if (trace.calls === 0) {
    byId("tracks").append(
      element("p", { className: "empty" }, "No call was recorded."),
    );
  }
  page.showTab(trace.tab);
  document.body.dataset.state = "ready";
  return page;
}

open().catch((error) => {
  document.body.dataset.state = "failed";
  byId("title").textContent = "This report cannot be shown";
  byId("notes").hidden = false;
  byId("notes").replaceChildren(
    element("li", {}, visible(String(error.message ?? error))),
  );
});
