// SPDX-License-Identifier: Apache-2.0
/* Search in what is sorted. */

/** The first index in [low, high) for which a test holds, which then holds for
 * all behind it; else high. */
export function bisect(high, test, low = 0) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
