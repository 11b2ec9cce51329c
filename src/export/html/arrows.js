// SPDX-License-Identifier: Apache-2.0
/* The arrows (flows) between calls: which reach and leave a call, and those of
 * the selected call, drawn over the timeline. */
import { byId } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const BEND_PX = 40; // at least, to either side
const TIP_PX = 6;

/** Arrows by the rows of their calls: {out: Map, in: Map} of lists. */
function indexArrows(trace, rowAt) {
  const index = { out: new Map(), in: new Map() };
  const add = (map, row, arrow) => {
    if (row < 0) return;
    const list = map.get(row);
    if (list === undefined) map.set(row, [arrow]);
    else list.push(arrow);
  };
  for (const arrow of trace.arrows.list) {
    arrow.from.row = rowAt(arrow.from);
    arrow.to.row = rowAt(arrow.to);
    add(index.out, arrow.from.row, arrow);
    add(index.in, arrow.to.row, arrow);
  }
  return index;
}

function svgElement(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  return node;
}

export class Arrows {
  /** levelsOf(track); placeOf(track, depth) in px from the top of #tracks. */
  constructor(trace, view, levelsOf, placeOf) {
    this.trace = trace;
    this.view = view;
    this.placeOf = placeOf;
    this.row = -1;
    this.index = indexArrows(trace, ({ track, time, depth }) =>
      depth < 0 ? -1 : levelsOf(trace.tracks[track]).at(depth, time),
    );
    this.picture = svgElement("svg", {
      id: "arrows",
      "aria-hidden": "true",
    });
    byId("tracks").append(this.picture);
    view.onChange(() => this.draw());
  }

  /** The arrows that reach ("in") or leave ("out") a call. */
  of(row, way) {
    return this.index[way].get(row) ?? [];
  }

  /** Draw those of a call; -1 = none. */
  select(row) {
    this.row = row;
    this.draw();
  }

  pointOf({ track, time, depth }, width) {
    const { start, end } = this.view;
    return {
      x: ((time - start) / (end - start)) * width,
      y: this.placeOf(this.trace.tracks[track], Math.max(0, depth)),
    };
  }

  draw() {
    const arrows =
      this.row < 0
        ? []
        : [...this.of(this.row, "in"), ...this.of(this.row, "out")];
    const { clientWidth, scrollHeight } = byId("tracks");
    if (arrows.length === 0) {
      this.picture.replaceChildren();
      return;
    }
    this.picture.setAttribute("width", clientWidth);
    this.picture.setAttribute("height", scrollHeight);
    this.picture.replaceChildren(
      ...arrows.map((arrow) => this.makeArrow(arrow, clientWidth)),
    );
  }

  makeArrow(arrow, width) {
    const from = this.pointOf(arrow.from, width);
    const to = this.pointOf(arrow.to, width);
    const bend = Math.max(BEND_PX, Math.abs(to.x - from.x) / 3);
    const group = svgElement("g", {
      class: arrow.to.row === this.row ? "is-in" : "is-out",
    });
    group.append(
      svgElement("path", {
        d:
          `M${from.x} ${from.y}C${from.x + bend} ${from.y} ` +
          `${to.x - bend} ${to.y} ${to.x} ${to.y}`,
        fill: "none",
      }),
      svgElement("path", {
        class: "tip",
        d: `M${to.x} ${to.y}l${-TIP_PX} ${-TIP_PX / 2}v${TIP_PX}z`,
      }),
    );
    return group;
  }
}
