// SPDX-License-Identifier: Apache-2.0
/* The calls of one function among all on the timeline, by duration: longer
 * ones first, of equals the earlier row. */

const isLonger = ({ duration }, a, b) =>
  duration[a] !== duration[b] ? duration[a] > duration[b] : a < b;

/** The longest call of a function, or -1. */
export function longestCall(columns, fn) {
  let best = -1;
  for (let row = 0; row < columns.count; row++) {
    if (columns.fn[row] === fn && (best < 0 || isLonger(columns, row, best))) {
      best = row;
    }
  }
  return best;
}

/** {rank, count}: the how manyth longest of its function a call is, from 1. */
export function rankOf(columns, row) {
  const fn = columns.fn[row];
  let rank = 1;
  let count = 0;
  for (let other = 0; other < columns.count; other++) {
    if (columns.fn[other] === fn) {
      count++;
      rank += isLonger(columns, other, row) ? 1 : 0;
    }
  }
  return { rank, count };
}

/** The call of the same function that is next in length, or -1. */
export function stepInLength(columns, row, isSlower) {
  const fn = columns.fn[row];
  const isBeyond = (other) =>
    isSlower ? isLonger(columns, other, row) : isLonger(columns, row, other);
  const isNearer = (a, b) =>
    isSlower ? isLonger(columns, b, a) : isLonger(columns, a, b);
  let best = -1;
  for (let other = 0; other < columns.count; other++) {
    if (
      columns.fn[other] === fn &&
      other !== row &&
      isBeyond(other) &&
      (best < 0 || isNearer(other, best))
    ) {
      best = other;
    }
  }
  return best;
}

/** The track that a row stands in. */
export const trackOf = (trace, row) =>
  trace.tracks.find(({ from, to }) => row >= from && row < to);
