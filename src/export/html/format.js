// SPDX-License-Identifier: Apache-2.0
/* Numbers as people read them. */

const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
];

/** "950 ns", "13.6 µs", "13.60 ms", "3.412 s", "125.3 s". */
export function duration(ns) {
  for (const [size, unit] of UNITS) {
    if (ns >= size) {
      const digits = unit === "µs" ? 3 : 4;
      const value = ns / size;
      const whole = Math.floor(value).toString().length;
      return `${value.toFixed(Math.max(0, digits - whole))} ${unit}`;
    }
  }
  return `${Math.round(ns)} ns`;
}

/** All digits: "1.204 318 500 s" has its ns. */
export function exactTime(ns) {
  const whole = Math.floor(ns / 1e9);
  const digits = Math.round(ns - whole * 1e9)
    .toString()
    .padStart(9, "0");
  return `${grouped(whole)}.${digits.replace(/(\d{3})(?=\d)/g, "$1 ")} s`;
}

/** The wall clock where the page is read: "2026-11-23 03:27:50 UTC+01:00". */
export function wallClock(ms) {
  const date = new Date(ms);
  const two = (value) => String(value).padStart(2, "0");
  const offset = -date.getTimezoneOffset(); // minutes
  const hours = two(Math.floor(Math.abs(offset) / 60));
  const zone =
    offset === 0
      ? "UTC"
      : `UTC${offset < 0 ? "-" : "+"}${hours}:${two(Math.abs(offset) % 60)}`;
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ` +
    zone
  );
}

/** "1,204,318". */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 call", "2 calls". */
export function counted(count, one, many = one + "s") {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** "36.0 %", "–" of nothing. */
export function percent(part, whole) {
  if (!(whole > 0)) {
    return "–";
  }
  const value = (100 * part) / whole;
  return value > 0 && value < 0.05 ? "< 0.1 %" : `${value.toFixed(1)} %`;
}

/** Labels of an axis: as many decimals as its steps need, one unit. */
export function axisLabel(ns, stepNs, spanNs) {
  const [size, unit] = UNITS.find(([unitSize]) => spanNs >= unitSize) ?? [
    1,
    "ns",
  ];
  const decimals = Math.max(0, Math.ceil(-Math.log10(stepNs / size) - 1e-9));
  return `${(ns / size).toFixed(Math.min(decimals, 9))} ${unit}`;
}
