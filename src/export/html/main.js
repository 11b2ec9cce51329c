// SPDX-License-Identifier: Apache-2.0
/* The page: read the trace, fill in the views, and what is done with them. */
import { fillHeader } from "./about.js";
import { stepInLength, trackOf } from "./calls.js";
import { showDetails } from "./details.js";
import { byId, element, visible } from "./dom.js";
import { Flame } from "./flame.js";
import { grouped } from "./format.js";
import { FunctionTable } from "./functions.js";
import { listenToKeys } from "./keys.js";
import { inflate, readTrace } from "./reader.js";
import { nextScheme, schemeChoice } from "./scheme.js";
import { Search } from "./search.js";
import { step } from "./steps.js";
import { Timeline } from "./timeline.js";
import { makeTooltip } from "./tip.js";
import "./page.css";

const TABS = ["timeline", "flame", "functions"];

class Page {
  constructor(trace) {
    this.trace = trace;
    this.search = null;
    this.place = null; // of the match that was gone to: {time, order}
    this.timeline = new Timeline(
      trace,
      (selection) => this.onSelect(selection),
      makeTooltip(trace),
    );
    this.view = this.timeline.view;
    this.functions = new FunctionTable(trace, (fn) => this.openFunction(fn));
    this.flame = new Flame(trace);
    this.wireTabs();
    this.wireSearch();
    this.wireButtons();
    listenToKeys(this);
  }

  onSelect(selection) {
    showDetails(this.trace, selection, {
      fit: () => this.timeline.fit(),
      close: () => this.timeline.select(null),
      arrowsOf: (row, way) => this.timeline.arrows.of(row, way),
      counterTexts: (process, time) =>
        this.timeline.counterTexts(process, time),
      goTo: (row, track) => this.timeline.goTo(row, track),
      goToPoint: (counter, index) => this.timeline.goToPoint(counter, index),
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
        const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
        if (by !== undefined) {
          const at = TABS.indexOf(name) + by + TABS.length;
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
      this.stepMatch(false);
    });
    byId("search-previous").addEventListener("click", () =>
      this.stepMatch(true),
    );
  }

  /** Search for a text, "" = for nothing; or for the calls of one function. */
  find(text, fn = null) {
    this.search = text === "" ? null : new Search(this.trace, text, fn);
    this.place = null;
    const matches = this.search?.functions ?? null;
    // A text that only instants have makes no call stand out.
    const marked = matches?.includes(1) ? matches : null;
    this.timeline.highlight(marked);
    this.functions.filter(matches);
    this.flame.highlight(marked);
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
  }

  /** To the next match, or the one before. */
  stepMatch(isBackward) {
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

  /** Search for the calls of exactly this function. */
  findFunction(fn) {
    byId("search-text").value = visible(fn.name);
    this.find(fn.name, fn);
  }

  /** From the table: find this function, and go to its longest call. */
  openFunction(fn) {
    this.findFunction(fn);
    const row = this.timeline.longestCall(fn);
    if (row >= 0) {
      this.showTab("timeline");
      this.timeline.goTo(row, trackOf(this.trace, row));
    }
  }

  findSelected() {
    const { selected } = this.timeline;
    if (selected?.kind === "call") {
      this.findFunction(
        this.trace.functions[this.trace.columns.fn[selected.row]],
      );
      this.place = {
        time: this.trace.columns.start[selected.row],
        order: selected.row,
      };
      this.renderCount();
    }
  }

  wireButtons() {
    const { view } = this;
    byId("zoom-in").addEventListener("click", () => view.zoomBy(0.5));
    byId("zoom-out").addEventListener("click", () => view.zoomBy(2));
    byId("zoom-all").addEventListener("click", () => this.showAll());
    byId("help-open").addEventListener("click", () => byId("help").showModal());
    byId("about-open").addEventListener("click", () =>
      byId("about").showModal(),
    );
    byId("scheme").addEventListener("click", () => this.nextScheme());
    this.renderScheme();
  }

  nextScheme() {
    nextScheme();
    this.renderScheme();
  }

  renderScheme() {
    const [symbol, what] = {
      system: ["◐", "as the system"],
      light: ["☀", "light"],
      dark: ["☾", "dark"],
    }[schemeChoice()];
    const button = byId("scheme");
    button.textContent = symbol;
    button.title = `Colours: ${what} (c)`;
    button.setAttribute("aria-label", `Colours: ${what}`);
  }

  showAll() {
    this.view.show(0, this.trace.duration);
    this.flame.reset();
  }

  /** Pan to the start (0) or the end (1) of the trace. */
  goToEnd(part) {
    const span = this.view.end - this.view.start;
    const start = (this.trace.duration - span) * part;
    this.view.show(start, start + span);
  }

  /** From the selection to what stands beside it; false when the timeline is
   * not shown. */
  step(where) {
    if (byId("timeline").hidden) {
      return false;
    }
    step(this.timeline, where);
    return true;
  }

  stepInLength(isSlower) {
    const { selected } = this.timeline;
    if (selected?.kind === "call") {
      const row = stepInLength(this.trace.columns, selected.row, isSlower);
      if (row >= 0) this.timeline.goTo(row, trackOf(this.trace, row));
    }
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
}

async function open() {
  const data = byId("trace-data");
  const trace = readTrace(await inflate(data.textContent));
  data.remove(); // its text is no longer needed
  const page = new Page(trace);
  fillHeader(trace, page.view);
  if (trace.calls === 0) {
    byId("tracks").append(
      element("p", { className: "empty" }, "No call was recorded."),
    );
  }
  page.showTab(trace.tab);
  document.body.dataset.state = "ready";
}

open().catch((error) => {
  document.body.dataset.state = "failed";
  byId("title").textContent = "This report cannot be shown";
  byId("notes").hidden = false;
  byId("notes").replaceChildren(
    element("li", {}, visible(String(error.message ?? error))),
  );
});
