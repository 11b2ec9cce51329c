// SPDX-License-Identifier: Apache-2.0
/* Drag along the axis: how long a stretch is, and zoom to it on release. */
import { byId, element } from "./dom.js";
import { duration } from "./format.js";

const LEAST_PX = 4; // less is a click

export class AxisRange {
  /** timeAt(clientX) in ns. */
  constructor(view, timeAt) {
    this.view = view;
    this.timeAt = timeAt;
    this.fromX = null; // in the window, where the button was pressed
    this.mark = element("div", { id: "axis-range", hidden: true });
    const axis = byId("axis");
    axis.append(this.mark);
    axis.addEventListener("pointerdown", (event) => this.press(event));
    axis.addEventListener("pointermove", (event) => this.move(event));
    axis.addEventListener("pointerup", (event) => this.release(event));
    axis.addEventListener("pointercancel", () => this.end());
  }

  press({ button, pointerType, pointerId, clientX }) {
    if (button === 0 && pointerType !== "touch") {
      byId("axis").setPointerCapture(pointerId);
      this.fromX = clientX;
    }
  }

  /** [start, end) ns of the drag. */
  range(clientX) {
    const times = [this.timeAt(this.fromX), this.timeAt(clientX)];
    return [Math.min(...times), Math.max(...times)];
  }

  move({ clientX }) {
    if (this.fromX === null) {
      return;
    }
    const [start, end] = this.range(clientX);
    const { left } = byId("axis").getBoundingClientRect();
    this.mark.hidden = false;
    this.mark.textContent = duration(end - start);
    this.mark.style.left = `${Math.min(this.fromX, clientX) - left}px`;
    this.mark.style.width = `${Math.abs(clientX - this.fromX)}px`;
  }

  release({ clientX }) {
    if (this.fromX !== null && Math.abs(clientX - this.fromX) >= LEAST_PX) {
      this.view.show(...this.range(clientX));
    }
    this.end();
  }

  end() {
    this.fromX = null;
    this.mark.hidden = true;
  }
}
