// SPDX-License-Identifier: Apache-2.0
/* Calls and instants by name, in order of time. */

/** Where a text is found: in names, and in files when it has a "/" or a ".py".
 * With a function, the calls of just that. */
export class Search {
  constructor(trace, text, only = null) {
    const wanted = text.toLowerCase();
    const inFiles = wanted.includes("/") || wanted.includes(".py");
    const has = (name) => name.toLowerCase().includes(wanted);
    const isWanted = (fn) =>
      only === null ? has(fn.name) || (inFiles && has(fn.file)) : fn === only;

    this.trace = trace;
    this.functions = Uint8Array.from(trace.functions, (fn) =>
      isWanted(fn) ? 1 : 0,
    );
    this.instants =
      only === null ? trace.instantList.filter(({ name }) => has(name)) : [];
    this.calls = trace.functions
      .filter((fn) => this.functions[fn.index] === 1)
      .reduce((sum, fn) => sum + fn.calls, 0);
    this.count = this.instants.length;
    for (let i = 0; i < trace.columns.count; i++) {
      this.count += this.functions[trace.columns.fn[i]];
    }
  }

  /** All hits, one at a time, in no order: time, and what it is. */
  each(visit) {
    const { columns, tracks } = this.trace;
    for (const track of tracks) {
      for (let row = track.from; row < track.to; row++) {
        if (this.functions[columns.fn[row]] === 1) {
          visit(columns.start[row], row, track);
        }
      }
    }
    this.instants.forEach((instant, i) => {
      visit(instant.time, columns.count + i, null, instant);
    });
  }

  /** The hit behind (or before) a place, {time, order}; past the last comes
   * the first. Has a number, from 1. */
  next(place, isBackward) {
    const sign = isBackward ? -1 : 1;
    const isBefore = (a, b) =>
      a.time !== b.time
        ? (a.time - b.time) * sign < 0
        : (a.order - b.order) * sign < 0;
    let best = null;
    let first = null;
    const hit = { time: 0, order: 0 };

    this.each((time, order, track, instant) => {
      hit.time = time;
      hit.order = order;
      if (first === null || isBefore(hit, first)) {
        first = { time, order, track, instant };
      }
      if (
        (place === null || isBefore(place, hit)) &&
        (best === null || isBefore(hit, best))
      ) {
        best = { time, order, track, instant };
      }
    });
    return best ?? first;
  }

  numberOf(place) {
    let number = 1;
    this.each((time, order) => {
      number +=
        time < place.time || (time === place.time && order < place.order)
          ? 1
          : 0;
    });
    return number;
  }
}
