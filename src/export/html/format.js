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

/** "1,204,318". */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 call", "2 calls". */
export function counted(count, one, many = one + "s") {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

export function percent(part, whole) {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "–";
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
