// SPDX-License-Identifier: Apache-2.0
/* Colours, light and dark. A function has the colour of its name. */
import { KIND_C } from "./reader.js";
import { isDark } from "./scheme.js";

const HUES = 24;

const THEMES = {
  light: {
    background: "#ffffff",
    text: "#1c2128",
    grid: "rgba(60, 70, 85, 0.13)",
    faint: "#e9ebee",
    fill: [72, 79],
    fillC: [34, 84],
    select: "#0b57d0",
    hatch: "rgba(20, 30, 45, 0.35)",
    gap: "rgba(190, 60, 30, 0.35)",
    pause: "rgba(60, 70, 85, 0.22)",
    left: "rgba(60, 70, 85, 0.3)",
    leftFill: "#f3f4f6",
    series: "#0b57d0",
    seriesFill: "rgba(11, 87, 208, 0.16)",
    instants: ["#8a3ffc", "#b1520d", "#0a6e5c"],
    object: "#1f5fbf",
  },
  dark: {
    background: "#15181d",
    text: "#e8eaed",
    grid: "rgba(200, 210, 225, 0.12)",
    faint: "#262a31",
    fill: [46, 27],
    fillC: [16, 29],
    select: "#ffd866",
    hatch: "rgba(235, 240, 250, 0.35)",
    gap: "rgba(255, 120, 80, 0.4)",
    pause: "rgba(200, 210, 225, 0.2)",
    left: "rgba(200, 210, 225, 0.28)",
    leftFill: "#1e2229",
    series: "#7cacf8",
    seriesFill: "rgba(124, 172, 248, 0.2)",
    instants: ["#c9a6ff", "#ffb37a", "#6fdcc3"],
    object: "#8fc0ff",
  },
};

export const theme = () => (isDark() ? THEMES.dark : THEMES.light);

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  }
  return (value ^ (value >>> 15)) >>> 0;
}

/** The colours of all functions in the present theme, by index. */
export function functionColours(functions) {
  const { fill, fillC } = theme();
  return functions.map((fn) => {
    const value = hash(fn.name);
    const hue = Math.round(((value % HUES) * 360) / HUES);
    const [saturation, lightness] = fn.kind === KIND_C ? fillC : fill;
    const shade = lightness + ((value >>> 8) % 3) * 2 - 2;
    return `hsl(${hue}, ${saturation}%, ${shade}%)`;
  });
}
