// SPDX-License-Identifier: Apache-2.0
/* From the selection of a timeline to what stands beside it. */

function stepFromCall(timeline, where, { row, track }) {
  const levels = timeline.levelsOf(track);
  const to = {
    before: () => levels.beside(row, -1),
    behind: () => levels.beside(row, 1),
    caller: () => levels.parent(row),
    callee: () => levels.child(row),
  }[where]();
  if (to >= 0) {
    timeline.goTo(to, track);
  }
}

function stepFromPoint(timeline, where, { counter, index }) {
  const to = index + ({ before: -1, behind: 1 }[where] ?? 0);
  if (to >= 0 && to < counter.times.length) {
    timeline.goToPoint(counter, to);
  }
}

/** The longest outermost call that begins in what is shown, of the first track
 * that has one. */
function selectSomeCall(timeline) {
  const { start, end } = timeline.view;
  for (const track of timeline.trace.tracks) {
    const row = timeline.levelsOf(track).longestOutermost(start, end);
    if (row >= 0) {
      timeline.goTo(row, track);
      return;
    }
  }
}

/** where: "before", "behind", "caller" or "callee". */
export function step(timeline, where) {
  const { selected } = timeline;
  if (selected?.kind === "call") {
    stepFromCall(timeline, where, selected);
  } else if (selected?.kind === "point") {
    stepFromPoint(timeline, where, selected);
  } else {
    selectSomeCall(timeline);
  }
}

/** Go to the other end of the first arrow that reaches ("in") or leaves
 * ("out") the selected call. */
export function followArrow(timeline, way) {
  const { selected, arrows, trace } = timeline;
  if (selected?.kind !== "call") {
    return;
  }
  const otherEnd = ({ from, to }) => (way === "in" ? from : to);
  const arrow = arrows
    .of(selected.row, way)
    .find((found) => otherEnd(found).row >= 0);
  if (arrow !== undefined) {
    const { row, track } = otherEnd(arrow);
    timeline.goTo(row, trace.tracks[track]);
  }
}
