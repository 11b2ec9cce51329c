// SPDX-License-Identifier: Apache-2.0
/* What stands beside the mouse; text only. */
import { byId, element, visible } from "./dom.js";
import { counted, duration, exactTime } from "./format.js";
import { functionName, labelOf } from "./names.js";
import { instantTitle } from "./point_plugins.js";

const INSTANTS_MAX = 8;
const ARGUMENTS_MAX = 200; // characters
const MARGIN_PX = 4;

const tip = byId("tip");
const line = (text) => element("span", {}, text);

const shortened = (text) =>
  visible(
    text.length > ARGUMENTS_MAX ? `${text.slice(0, ARGUMENTS_MAX)}…` : text,
  );

function tipOfCall(trace, { row }, count) {
  const { columns } = trace;
  const fn = trace.functions[columns.fn[row]];
  const self = columns.duration[row] - columns.callees[row];
  const args = columns.args.get(row);
  return [
    element("b", {}, labelOf(fn)),
    line(`${duration(columns.duration[row])}, self ${duration(self)}`),
    args === undefined ? "" : line(shortened(args)),
    count > 1 ? line(`the longest of ${counted(count, "call")} here`) : "",
  ];
}

function tipOfLeftOut(trace, { row, stretch }) {
  const { columns } = trace;
  const count = stretch?.count ?? columns.left[row];
  const of =
    stretch === undefined
      ? ` of ${functionName(trace.functions[columns.fn[row]])}, in all its parts like this`
      : "";
  return [
    element("b", {}, `${counted(count, "call")} left out`),
    line(`shorter than ${duration(trace.leastNs)}${of}`),
  ];
}

function tipOfGap({ gap: [start, end, lost, isPause] }) {
  const what = isPause
    ? "Recording was paused"
    : lost > 0
      ? `${counted(lost, "call")} not recorded`
      : "Calls are missing";
  return [
    element("b", {}, what),
    line(`${exactTime(start)} to ${exactTime(end)}`),
  ];
}

const tipOfInstants = ({ instants }) => [
  ...instants
    .slice(0, INSTANTS_MAX)
    .map((instant) =>
      line(`${instantTitle(instant)} ${shortened(instant.args)}`),
    ),
  instants.length > INSTANTS_MAX
    ? line(`and ${instants.length - INSTANTS_MAX} more`)
    : "",
];

const tipOfCounter = ({ counter, value, time }) => [
  element("b", {}, `${visible(counter.name)} ${visible(counter.key)}`),
  line(value === null ? "no value yet" : String(value)),
  line(exactTime(time)),
];

function tipOf(trace, region) {
  switch (region.type) {
    case "node":
      return tipOfCall(trace, region.data, region.count);
    case "left":
      return tipOfLeftOut(trace, region.data);
    case "gap":
      return tipOfGap(region.data);
    case "timestamp":
      return tipOfInstants(region.data);
    case "counter":
      return tipOfCounter(region);
    default:
      return [];
  }
}

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
    const most = window.innerWidth - offsetWidth - MARGIN_PX;
    tip.style.left = `${Math.max(MARGIN_PX, Math.min(x, most))}px`;
    tip.style.top = `${y + offsetHeight > window.innerHeight ? y - offsetHeight - 26 : y}px`;
  };
}
