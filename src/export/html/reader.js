// SPDX-License-Identifier: Apache-2.0
/* The data of a trace, from the text in the page to columns of numbers. What
 * it looks like is drawn in export/html_report.h. */

import { unzlibSync } from "fflate";

/** Bytes of zlib data in base64 text. */
export async function inflate(text) {
  const packed = decodeBase64(text.trim());
  if (typeof DecompressionStream === "undefined") {
    return unzlibSync(packed);
  }
  const stream = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decodeBase64(text) {
  if (Uint8Array.fromBase64 !== undefined) {
    return Uint8Array.fromBase64(text);
  }
  const piece = 1 << 20; // a multiple of 4
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let size = 0;
  for (let i = 0; i < text.length; i += piece) {
    const binary = atob(text.slice(i, i + piece));
    for (let j = 0; j < binary.length; j++) {
      bytes[size++] = binary.charCodeAt(j);
    }
  }
  return bytes.subarray(0, size);
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.decoder = new TextDecoder();
  }

  number() {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[this.at++];
      if (byte === undefined) {
        throw new Error("the data of this page is cut short");
      }
      if (byte < 0x80) {
        return value + byte * scale;
      }
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
  }

  /** So many numbers, as a list. */
  numbers(count) {
    return Array.from({ length: count }, () => this.number());
  }

  text() {
    const size = this.number();
    const end = this.at + size;
    if (end > this.bytes.length) {
      throw new Error("the data of this page is cut short");
    }
    const text = this.decoder.decode(this.bytes.subarray(this.at, end));
    this.at = end;
    return text;
  }

  doubles(count) {
    const { buffer, byteOffset } = this.bytes;
    const view = new DataView(buffer, byteOffset + this.at, count * 8);
    this.at += count * 8;
    return Float64Array.from({ length: count }, (_, i) =>
      view.getFloat64(i * 8, true),
    );
  }
}

/** Columns of calls that grow by groups. */
class SliceColumns {
  constructor(room) {
    this.count = 0;
    this.depth = new Uint32Array(room);
    this.start = new Float64Array(room);
    this.duration = new Float64Array(room);
    this.callees = new Float64Array(room);
    this.fn = new Uint32Array(room);
    this.flags = new Uint8Array(room);
    this.args = new Map(); // of the calls that have some, by row
    this.left = null; // calls left out in each, when there are any
  }

  readGroup(reader, count) {
    const from = this.count;
    const to = from + count;
    let start = from === this.first ? 0 : this.start[from - 1];
    for (let i = from; i < to; i++) this.depth[i] = reader.number();
    for (let i = from; i < to; i++) {
      start += reader.number();
      this.start[i] = start;
    }
    for (let i = from; i < to; i++) this.duration[i] = reader.number();
    for (let i = from; i < to; i++) this.callees[i] = reader.number();
    for (let i = from; i < to; i++) this.fn[i] = reader.number();
    for (let i = from; i < to; i++) this.flags[i] = reader.number();
    let row = from;
    for (let left = reader.number(); left > 0; left--) {
      row += reader.number();
      this.args.set(row, reader.text());
    }
    this.count = to;
  }

  /** Read the groups of one track; which rows they are. */
  readTrack(reader) {
    this.first = this.count;
    for (let n = reader.number(); n > 0; n = reader.number()) {
      this.readGroup(reader, n);
    }
    this.readLeftOut(reader);
    return {
      from: this.first,
      to: this.count,
      stretches: readStretches(reader),
    };
  }

  readLeftOut(reader) {
    let row = this.first;
    for (let left = reader.number(); left > 0; left--) {
      this.left ??= new Uint32Array(this.start.length);
      row += reader.number();
      this.left[row] = reader.number();
    }
  }
}

/** Where outermost calls are left out: {start, end, count}, by time. */
function readStretches(reader) {
  const stretches = [];
  let at = 0;
  for (let left = reader.number(); left > 0; left--) {
    const start = at + reader.number();
    at = start + reader.number();
    stretches.push({ start, end: at, count: reader.number() });
  }
  return stretches;
}

function readInstants(reader) {
  const instants = [];
  let time = 0;
  for (let left = reader.number(); left > 0; left--) {
    const track = reader.number();
    time += reader.number();
    const scope = reader.number();
    const phase = reader.number(); // of an object, else 0
    const id = phase === 0 ? "" : reader.text();
    const name = reader.text();
    instants.push({
      track,
      time,
      scope,
      phase,
      id,
      name,
      args: reader.text(),
    });
  }
  return instants;
}

function readCounters(reader) {
  const counters = [];
  for (let left = reader.number(); left > 0; left--) {
    const counter = {
      process: reader.number(),
      name: reader.text(),
      key: reader.text(),
      isInteger: reader.number() === 1,
    };
    const count = reader.number();
    counter.times = new Float64Array(count);
    let time = 0;
    for (let i = 0; i < count; i++) {
      time += reader.number();
      counter.times[i] = time;
    }
    counter.values = reader.doubles(count);
    counters.push(counter);
  }
  return counters;
}

/** How many of the smallest paths are not there, and then nodes by breadth
 * first: {fn, total, self, calls, parent, level}; fn is 0
 * or the index of a function + 1. */
function readFlame(reader) {
  const dropped = reader.number();
  const leastNs = reader.number();
  const count = reader.number();
  const fns = reader.numbers(count);
  const children = reader.numbers(count);
  const totals = reader.numbers(count);
  const selves = reader.numbers(count);
  const calls = reader.numbers(count);
  const nodes = [];
  let parent = -1;
  let left = 1;
  for (let i = 0; i < count; i++) {
    while (left === 0) left = children[++parent];
    left--;
    nodes.push({
      fn: fns[i],
      total: totals[i],
      self: selves[i],
      calls: calls[i],
      parent,
      level: parent < 0 ? 0 : nodes[parent].level + 1,
    });
  }
  return { nodes, dropped, leastNs };
}

/** What there is of source files: {pieces: by path, [{first, lines}],
 * filesLeftOut}. */
function readSources(reader) {
  const filesLeftOut = reader.number();
  const pieces = new Map();
  for (let files = reader.number(); files > 0; files--) {
    const path = reader.text();
    const list = [];
    for (let left = reader.number(); left > 0; left--) {
      const first = reader.number();
      const text = reader.text().replace(/\r?\n$/, "");
      list.push({ first, lines: text.split(/\r?\n/) });
    }
    pieces.set(path, list);
  }
  return { pieces, filesLeftOut };
}

/** The arrows between calls: {all, list}, of which each is {name, from, to},
 * a place {track, time, depth}, depth -1 = no call is there. */
function readArrows(reader) {
  const all = reader.number();
  const list = [];
  const place = () => ({
    track: reader.number(),
    time: reader.number(),
    depth: reader.number() - 1,
  });
  for (let left = reader.number(); left > 0; left--) {
    list.push({ name: reader.text(), from: place(), to: place() });
  }
  return { all, list };
}

const FUNCTION_KEYS = [
  "name",
  "file",
  "line",
  "kind",
  "calls",
  "total",
  "self",
  "min",
  "max",
  "unfinished",
];

function makeFunction(row, index) {
  const fn = { index };
  FUNCTION_KEYS.forEach((key, i) => {
    fn[key] = row[i];
  });
  fn.mean = fn.calls > 0 ? fn.total / fn.calls : 0;
  return fn;
}

export const KIND_PYTHON = 1;
export const KIND_C = 2;

/** Everything in the page, times in ns. */
export function readTrace(bytes) {
  const reader = new Reader(bytes);
  const trace = JSON.parse(reader.text());
  const columns = new SliceColumns(trace.slices);

  trace.functions = trace.functions.map(makeFunction);
  trace.columns = columns;
  trace.tracks.forEach((track, index) => {
    Object.assign(track, { index, ...columns.readTrack(reader) });
  });
  trace.cutCallArguments = reader.number();
  trace.instantList = readInstants(reader);
  trace.counters = readCounters(reader);
  trace.flame = readFlame(reader);
  trace.source = readSources(reader);
  trace.arrows = readArrows(reader);
  return trace;
}
