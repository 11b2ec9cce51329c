// SPDX-License-Identifier: Apache-2.0
/* The keys of the page, as those of viztracer view where both have the same,
 * and the list of them. */
import { byId, element } from "./dom.js";
import { followArrow } from "./steps.js";

const ZOOM = 0.7;
const PAN = 0.15; // of the width

/** [keys, as a list names them, what they do, what is done]; the page is the
 * one of main.js. What is done may give false: then the browser has the key. */
const TABLE = [
  [["w", "+", "="], "w +", "zoom in", (page) => page.view.zoomBy(ZOOM)],
  [["s", "-"], "s −", "zoom out", (page) => page.view.zoomBy(1 / ZOOM)],
  [["a"], "a", "pan left", (page) => page.view.panBy(-PAN)],
  [["d"], "d", "pan right", (page) => page.view.panBy(PAN)],
  [
    ["A", "H"],
    "A H",
    "pan left by the whole width",
    (page) => page.view.panBy(-1),
  ],
  [
    ["D", "L"],
    "D L",
    "pan right by the whole width",
    (page) => page.view.panBy(1),
  ],
  [["0"], "0", "the whole trace", (page) => page.showAll()],
  [["Home"], "Home", "the start of the trace", (page) => page.goToEnd(0)],
  [["End"], "End", "the end of the trace", (page) => page.goToEnd(1)],
  [
    ["u", "Backspace"],
    "u Backspace",
    "what was shown before",
    (page) => page.view.undo(),
  ],
  [
    ["ArrowLeft", "h"],
    "h ←",
    "the call, or point of a counter, before",
    (page) => page.step("before"),
  ],
  [
    ["ArrowRight", "l"],
    "l →",
    "the call, or point of a counter, behind",
    (page) => page.step("behind"),
  ],
  [["ArrowUp", "k"], "k ↑", "the caller", (page) => page.step("caller")],
  [
    ["ArrowDown", "j"],
    "j ↓",
    "the first call in it; of no call, one that is shown",
    (page) => page.step("callee"),
  ],
  [
    ["("],
    "(",
    "the next slower call of the function",
    (page) => page.stepInLength(true),
  ],
  [
    [")"],
    ")",
    "the next faster call of the function",
    (page) => page.stepInLength(false),
  ],
  [
    ["["],
    "[",
    "back along the arrow that reaches the call",
    (page) => followArrow(page.timeline, "in"),
  ],
  [
    ["]"],
    "]",
    "along the arrow that leaves the call",
    (page) => followArrow(page.timeline, "out"),
  ],
  [["f"], "f", "zoom to the selected call", (page) => page.timeline.fit()],
  [
    ["*"],
    "*",
    "find all calls of the selected function",
    (page) => page.findSelected(),
  ],
  [["/"], "/", "search", () => byId("search-text").focus()],
  [["n"], "n Enter", "the next match", (page) => page.stepMatch(false)],
  [["N"], "N", "the match before", (page) => page.stepMatch(true)],
  [["1"], "1", "timeline", (page) => page.showTab("timeline")],
  [["2"], "2", "flame graph", (page) => page.showTab("flame")],
  [["3"], "3", "functions", (page) => page.showTab("functions")],
  [["7"], "7", "about the recording", () => byId("about").showModal()],
  [["c"], "c", "light, dark, or as the system", (page) => page.nextScheme()],
  [["?"], "?", "this list", () => byId("help").showModal()],
];

const actions = new Map(
  TABLE.flatMap(([keys, , , act]) => keys.map((key) => [key, act])),
);

/** Whether an element has a use for keys of its own. */
function hasOwnUse(target, key) {
  const isOfTab =
    target.getAttribute("role") === "tab" && key.startsWith("Arrow");
  const isScrolled =
    target.closest("pre, #functions, #flame") !== null &&
    /^(Arrow|Home$|End$)/.test(key);
  return target.tagName === "INPUT" || isOfTab || isScrolled;
}

function onKey(page, event) {
  const target = event.target instanceof Element ? event.target : document.body;
  const isModal = document.querySelector("dialog[open]") !== null;
  if (event.ctrlKey || event.metaKey || event.altKey || isModal) {
    return;
  }
  if (event.key === "Escape") {
    page.escape();
    return;
  }
  if (hasOwnUse(target, event.key)) {
    return;
  }
  const act = actions.get(event.key);
  if (act !== undefined && act(page) !== false) {
    event.preventDefault();
  }
}

export function listenToKeys(page) {
  document.addEventListener("keydown", (event) => onKey(page, event));
  byId("help-keys").replaceChildren(
    ...TABLE.flatMap(([, keys, what]) => [
      element("dt", {}, keys),
      element("dd", {}, what),
    ]),
    element("dt", {}, "Esc"),
    element("dd", {}, "clear the search, then the selection"),
  );
}
