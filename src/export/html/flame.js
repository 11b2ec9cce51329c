// SPDX-License-Identifier: Apache-2.0
/* The flame graph: all calls by the path of functions that was called, callers
 * on top, drawn by d3-flame-graph. */
import flamegraph from "d3-flame-graph";
import { select } from "d3-selection";

import { functionColours, theme } from "./colours.js";
import { byId } from "./dom.js";
import { counted, duration, percent } from "./format.js";
import { labelOf, functionName } from "./names.js";
import { onSchemeChange } from "./scheme.js";

const LEVELS_MAX = 400; // what is below is part of what calls it
const ROW_HEIGHT = 18;

/** The tree that d3 wants, of the nodes of the page. */
function makeTree(trace) {
  const nodes = trace.flame.nodes.map(
    ({ fn, total, self, calls, level }, index) => ({
      name: nameOf(trace, fn, index),
      fn,
      index,
      value: total,
      self,
      calls,
      level,
      children: [],
    }),
  );
  trace.flame.nodes.forEach(({ parent, level }, index) => {
    if (index > 0 && level <= LEVELS_MAX) {
      nodes[parent].children.push(nodes[index]);
    }
  });
  return nodes[0];
}

function nameOf(trace, fn, index) {
  if (index === 0) return "all calls";
  return fn === 0 ? "(deeper calls)" : functionName(trace.functions[fn - 1]);
}

export class Flame {
  constructor(trace) {
    this.trace = trace;
    this.chart = null;
    this.term = null;
    onSchemeChange(() => this.restyle());
    new ResizeObserver(() => this.resize()).observe(byId("flame-graph"));
  }

  labelOf(node) {
    const { fn, value, self, calls, index } = node.data;
    const name =
      fn > 0 && index > 0
        ? labelOf(this.trace.functions[fn - 1])
        : node.data.name;
    const whole = this.trace.flame.nodes[0].total;
    return (
      `${name}\n${duration(value)} (${percent(value, whole)}), ` +
      `self ${duration(self)}, ${counted(calls, "call")}`
    );
  }

  colourOf(node) {
    const { fn, index } = node.data;
    if (index === 0 || fn === 0) return theme().faint;
    if (this.matches && this.matches[fn - 1] !== 1) return theme().faint;
    return this.colours[fn - 1];
  }

  /** Draw it, when it is first looked at. */
  open() {
    if (this.chart !== null) {
      return;
    }
    const { trace } = this;
    const { nodes, dropped, leastNs } = trace.flame;
    this.colours = functionColours(trace.functions);
    const left =
      dropped > 0
        ? ` ${counted(dropped, "path")} of less than ${duration(leastNs)} ` +
          `${dropped === 1 ? "is" : "are"} not drawn.`
        : "";
    byId("flame-about").textContent =
      nodes.length < 2
        ? "There are no calls."
        : `${duration(nodes[0].total)} in all threads together; a frame is as ` +
          "wide as its part of that. Click on one to make it the whole, on a " +
          `caller to go back.${left}`;
    this.chart = flamegraph()
      .width(this.width())
      .cellHeight(ROW_HEIGHT)
      .inverted(true)
      .sort((a, b) => b.data.value - a.data.value)
      .minFrameSize(1)
      .transitionDuration(0)
      .resetHeightOnZoom(true)
      .selfValue(false)
      .setLabelHandler((node) => this.labelOf(node))
      .setColorMapper((node) => this.colourOf(node));
    select("#flame-graph").datum(makeTree(trace)).call(this.chart);
  }

  width() {
    return Math.max(200, byId("flame-graph").clientWidth);
  }

  resize() {
    if (this.chart !== null && this.width() !== this.chart.width()) {
      this.chart.width(this.width()).update();
    }
  }

  restyle() {
    this.colours = functionColours(this.trace.functions);
    this.chart?.update();
  }

  highlight(matches) {
    this.matches = matches;
    this.chart?.update();
  }

  reset() {
    this.chart?.resetZoom();
  }
}
