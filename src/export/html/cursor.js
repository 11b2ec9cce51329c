// SPDX-License-Identifier: Apache-2.0
/* The time that is looked at: where the mouse is over the timeline, else where
 * the selection begins. A line through all rows, the time at its head, and what
 * each counter had then. */
import { byId, element } from "./dom.js";
import { exactTime } from "./format.js";

const LABEL_PX = 150; // room that the time needs to the right of the line

export class Cursor {
  /** readouts: {counter, element} of the counters; timeAt(clientX) in ns. */
  constructor(view, durationNs, readouts, timeAt) {
    this.view = view;
    this.durationNs = durationNs;
    this.readouts = readouts;
    this.timeAt = timeAt;
    this.mouseX = null; // in the window; null = it is not over the timeline
    this.selectedNs = null;
    this.line = element("div", { id: "cursor" });
    this.label = element("output", { id: "cursor-time", hidden: true });
    byId("tracks").append(this.line);
    byId("axis").append(this.label);
    const area = byId("timeline");
    area.addEventListener("pointermove", (event) => this.follow(event));
    area.addEventListener("pointerleave", () => this.leave());
    view.onChange(() => this.draw());
    this.draw();
  }

  follow({ clientX, pointerType }) {
    if (pointerType !== "touch") {
      this.mouseX = clientX;
      this.draw();
    }
  }

  leave() {
    this.mouseX = null;
    this.draw();
  }

  /** The time of the selection, null = there is none. */
  select(timeNs) {
    this.selectedNs = timeNs;
    this.draw();
  }

  draw() {
    const isMouse = this.mouseX !== null;
    const time = isMouse ? this.timeAt(this.mouseX) : this.selectedNs;
    const { start, end } = this.view;
    const isSeen =
      time !== null && time >= start && time <= end && time <= this.durationNs;
    this.line.hidden = !isSeen || !isMouse;
    this.label.hidden = !isSeen;
    if (isSeen) {
      const { clientWidth } = byId("tracks");
      const x = ((time - start) / (end - start)) * clientWidth;
      this.line.style.left = `${x}px`;
      this.label.style.left = `${Math.max(0, Math.min(x, clientWidth - LABEL_PX))}px`;
      this.label.textContent = exactTime(time);
    }
    for (const { plugin, output } of this.readouts) {
      output.textContent = time === null ? "" : plugin.textAt(time);
    }
  }
}
