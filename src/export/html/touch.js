// SPDX-License-Identifier: Apache-2.0
/* Fingers on the timeline: one pans along the time, two zoom. Up and down the
 * page scrolls by itself (touch-action: pan-y in page.css), and a tap is a
 * click. */

const middleOf = ([a, b]) => (a + b) / 2;

export class Touch {
  /** area is the element; timeAt(clientX) in ns. */
  constructor(area, view, timeAt) {
    this.area = area;
    this.view = view;
    this.timeAt = timeAt;
    this.fingers = new Map(); // clientX by pointer
    area.addEventListener("pointerdown", (event) => this.press(event));
    area.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      area.addEventListener(name, ({ pointerId }) =>
        this.fingers.delete(pointerId),
      );
    }
  }

  press({ pointerType, pointerId, clientX }) {
    if (pointerType === "touch") {
      this.fingers.set(pointerId, clientX);
    }
  }

  move({ pointerId, clientX }) {
    const before = this.fingers.get(pointerId);
    if (before === undefined) {
      return;
    }
    const old = [...this.fingers.values()];
    this.fingers.set(pointerId, clientX);
    const now = [...this.fingers.values()];
    if (now.length === 1) {
      this.view.panBy((before - clientX) / this.area.clientWidth);
    } else if (now.length === 2) {
      const width = ([a, b]) => Math.max(8, Math.abs(a - b));
      const at = this.timeAt(middleOf(old));
      this.view.panBy((middleOf(old) - middleOf(now)) / this.area.clientWidth);
      this.view.zoomBy(width(old) / width(now), at);
    }
  }
}
