// SPDX-License-Identifier: Apache-2.0
/* The table of functions: all calls, whatever the timeline has room for. */
import { byId, element } from "./dom.js";
import { duration, grouped } from "./format.js";
import { functionName, placeOf } from "./names.js";

const COLUMNS = [
  { key: "name", title: "Function", isText: true },
  { key: "calls", title: "Calls", format: grouped },
  { key: "total", title: "Total", format: duration },
  { key: "self", title: "Self", format: duration },
  { key: "mean", title: "Mean", format: duration },
  { key: "min", title: "Min", format: duration },
  { key: "max", title: "Max", format: duration },
];
const PAGE_SIZE = 500;

export class FunctionTable {
  constructor(trace, onOpen) {
    this.called = trace.functions.filter((fn) => fn.calls > 0);
    this.onOpen = onOpen;
    this.sortKey = "self";
    this.isAscending = false;
    this.room = PAGE_SIZE;
    this.matches = null;
    this.makeHead();
    this.render();
  }

  makeHead() {
    this.heads = COLUMNS.map(({ key, title }) => {
      const button = element("button", { type: "button" }, title);
      button.addEventListener("click", () => this.sortBy(key));
      return element("th", { scope: "col", data: { key } }, button);
    });
    byId("function-table").tHead.replaceChildren(
      element("tr", {}, ...this.heads),
    );
  }

  sortBy(key) {
    this.isAscending =
      key === this.sortKey ? !this.isAscending : key === "name";
    this.sortKey = key;
    this.render();
  }

  filter(matches) {
    this.matches = matches;
    this.room = PAGE_SIZE;
    this.render();
  }

  /** Make sure that the table shows a function, and go there. */
  show(fn) {
    const at = this.rows().indexOf(fn);
    if (at >= this.room) {
      this.room = at + PAGE_SIZE;
      this.render();
    }
    const row = byId("function-table").querySelector(
      `[data-function="${fn.index}"]`,
    );
    row?.scrollIntoView({ block: "center" });
    row?.querySelector("button").focus();
  }

  rows() {
    const sign = this.isAscending ? 1 : -1;
    const key = this.sortKey;
    const { matches } = this;
    return this.called
      .filter((fn) => matches === null || matches[fn.index] === 1)
      .sort((a, b) => {
        const order = key === "name" ? compareNames(a, b) : a[key] - b[key];
        return order !== 0 ? order * sign : a.index - b.index;
      });
  }

  makeRow(fn) {
    const name = element(
      "button",
      {
        type: "button",
        className: "link",
        title: "Go to its longest call",
      },
      functionName(fn),
    );
    name.addEventListener("click", () => this.onOpen(fn));
    const cells = COLUMNS.filter(({ isText }) => !isText).map(
      ({ key, format }) =>
        element(
          "td",
          { data: { key, value: fn[key] } },
          key === "min" && fn.calls === fn.unfinished ? "–" : format(fn[key]),
        ),
    );
    return element(
      "tr",
      { data: { function: fn.index } },
      element("td", {}, name, element("small", {}, placeOf(fn))),
      ...cells,
    );
  }

  render() {
    const rows = this.rows();
    for (const head of this.heads) {
      const isSorted = head.dataset.key === this.sortKey;
      head.setAttribute(
        "aria-sort",
        isSorted ? (this.isAscending ? "ascending" : "descending") : "none",
      );
    }
    byId("function-table").tBodies[0].replaceChildren(
      ...rows.slice(0, this.room).map((fn) => this.makeRow(fn)),
    );
    this.renderMore(rows.length);
  }

  renderMore(count) {
    const more = byId("function-more");
    const left = count - this.room;
    if (left <= 0) {
      more.replaceChildren(count === 0 ? "No function." : "");
      return;
    }
    const button = element("button", { type: "button" }, "Show more");
    button.addEventListener("click", () => {
      this.room += PAGE_SIZE * 4;
      this.render();
    });
    more.replaceChildren(`${grouped(left)} more functions. `, button);
  }
}

const compareNames = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
