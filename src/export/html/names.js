// SPDX-License-Identifier: Apache-2.0
/* What functions, threads and instants are called on the page. */
import { visible } from "./dom.js";
import { KIND_PYTHON } from "./reader.js";

export const functionName = (fn) => visible(fn.name);

/** "shop.py:14", or "" for what has no file. */
export function placeOf(fn) {
  return fn.file === ""
    ? ""
    : visible(fn.file) + (fn.line > 0 ? `:${fn.line}` : "");
}

/** What the JSON export calls it: "Cart.total (/w/shop.py:14)". */
export function labelOf(fn) {
  return fn.kind === KIND_PYTHON && fn.file !== ""
    ? `${visible(fn.name)} (${placeOf(fn)})`
    : visible(fn.name);
}

export const trackName = (track) => visible(track.name);

/** With its thread, where it has one: "worker-1 (4711)". */
export const trackLabel = (track) =>
  track.tid > 0 ? `${trackName(track)} (${track.tid})` : trackName(track);

export const processName = (process) =>
  process.pid > 0
    ? `${visible(process.name)} (${process.pid})`
    : visible(process.name);
