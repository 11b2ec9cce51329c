// SPDX-License-Identifier: Apache-2.0
/* Modules of the page by themselves, against brute force. */
import "./page_stub.mjs";

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { bisect } from "page/bisect.js";
import { longestCall, rankOf, stepInLength } from "page/calls.js";
import { functionColours, theme } from "page/colours.js";
import { duration, percent, wallClock } from "page/format.js";
import { Levels } from "page/levels.js";
import { KIND_C, KIND_PYTHON } from "page/reader.js";
import { isDark, nextScheme } from "page/scheme.js";
import { commandText, narrowCommand } from "page/shell.js";
import { blockEnd } from "page/source.js";

/** Numbers below a bound, the same in every run. */
function makeRandom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Calls of one track as columns, callers first. */
function makeColumns(random, count) {
  const rows = [];
  const add = (depth, start, end) => {
    let at = start;
    while (rows.length < count && depth < 7 && at + 4 < end) {
      const from = at + random(5);
      const to = Math.min(end, from + 1 + random((end - at) / 2));
      rows.push({
        depth,
        start: from,
        duration: to - from,
        fn: random(4),
      });
      add(depth + 1, from, to);
      at = to + 1 + random(9);
    }
  };
  add(0, 0, 5000);
  const columns = { count: rows.length };
  for (const key of ["depth", "start", "duration", "fn"]) {
    columns[key] = Float64Array.from(rows, (row) => row[key]);
  }
  return columns;
}

test("bisect finds the first", () => {
  for (let first = 0; first <= 9; first++) {
    assert.equal(
      bisect(9, (i) => i >= first),
      first,
    );
  }
  assert.equal(
    bisect(9, (i) => i >= 2, 5),
    5,
  );
});

test("calls of a function by duration", () => {
  const columns = makeColumns(makeRandom(1), 300);
  for (let fn = 0; fn < 4; fn++) {
    const sorted = [...columns.fn.keys()]
      .filter((row) => columns.fn[row] === fn)
      .sort((a, b) => columns.duration[b] - columns.duration[a] || a - b);
    assert.equal(longestCall(columns, fn), sorted[0]);
    sorted.forEach((row, i) => {
      assert.deepEqual(rankOf(columns, row), {
        rank: i + 1,
        count: sorted.length,
      });
      assert.equal(stepInLength(columns, row, true), sorted[i - 1] ?? -1);
      assert.equal(stepInLength(columns, row, false), sorted[i + 1] ?? -1);
    });
  }
  assert.equal(longestCall(columns, 9), -1);
});

test("what stands around, in and beside a call", () => {
  const columns = makeColumns(makeRandom(2), 300);
  const levels = new Levels(columns, {
    from: 0,
    to: columns.count,
    stretches: [],
  });
  const end = (row) => columns.start[row] + columns.duration[row];
  const rows = [...columns.start.keys()];
  const isParent = (row, child) =>
    columns.depth[row] + 1 === columns.depth[child] &&
    columns.start[row] <= columns.start[child] &&
    end(row) >= end(child);
  for (const row of rows) {
    const parent = rows.filter((other) => isParent(other, row)).at(-1) ?? -1;
    assert.equal(levels.parent(row), parent);
    assert.equal(
      levels.child(row),
      rows.find((other) => isParent(row, other)) ?? -1,
    );
    const level = rows.filter(
      (other) => columns.depth[other] === columns.depth[row],
    );
    assert.equal(levels.beside(row, 1), level[level.indexOf(row) + 1] ?? -1);
    assert.equal(levels.beside(row, -1), level[level.indexOf(row) - 1] ?? -1);
  }
  const outermost = rows
    .filter((row) => columns.depth[row] === 0 && columns.start[row] >= 100)
    .sort((a, b) => columns.duration[b] - columns.duration[a] || a - b);
  assert.equal(levels.longestOutermost(100, 1e9), outermost[0]);
  assert.equal(levels.longestOutermost(1e8, 1e9), -1);
});

test("where a block of Python ends", () => {
  const text = `\
import a

@wraps(f)
@other
def outer(
    a,
):
    if a:
        return 1

    # still in it
    return 2

def inner(): return 3
x = lambda: 4
class C:
    async def g(self):
        pass
    def h(self): pass
`.split("\n");
  const endOf = (start) =>
    text.slice(0, blockEnd(text, text.indexOf(start))).at(-1);
  assert.equal(endOf("@wraps(f)"), "    return 2");
  assert.equal(endOf("def inner(): return 3"), "def inner(): return 3");
  assert.equal(endOf("x = lambda: 4"), "x = lambda: 4");
  assert.equal(endOf("class C:"), "    def h(self): pass");
  assert.equal(endOf("    async def g(self):"), "        pass");
});

test("a shell gets the words that were meant", () => {
  const words = [
    "a b",
    "",
    "it's",
    "$(id)",
    "--x=1",
    "`id`",
    "a\\b",
    "ä;",
    "*",
  ];
  const out = execFileSync("sh", [
    "-c",
    `printf '%s\\n' ${commandText(words)}`,
  ]);
  assert.deepEqual(out.toString().split("\n").slice(0, -1), words);
  assert.equal(
    narrowCommand({ inputs: ["/tmp/a b.vzt"] }, 1204318.4, 2e9),
    "viztracer export '/tmp/a b.vzt' --range 1204318ns..2000000000ns -o part.html",
  );
  assert.match(
    narrowCommand({ inputs: ["/tmp/x1/"] }, 0, 1),
    / RECORDING\.vzt /,
  );
});

test("numbers as people read them", () => {
  assert.equal(duration(950), "950 ns");
  assert.equal(duration(13600), "13.6 µs");
  assert.equal(duration(3412345678), "3.412 s");
  assert.equal(percent(1, 100000), "< 0.1 %");
  assert.equal(percent(0, 5), "0.0 %");
  assert.equal(percent(1, 0), "–");
  assert.match(
    wallClock(Date.UTC(2026, 10, 23, 12, 0, 9)),
    /^2026-11-2\d \d\d:00:09 UTC/,
  );
});

/** The relative luminance of "hsl(h, s%, l%)" or "#rrggbb" (WCAG 2). */
function luminance(colour) {
  const hsl = /^hsl\((\d+), (\d+)%, (\d+)%\)$/.exec(colour);
  let channels;
  if (hsl !== null) {
    const [h, s, l] = [hsl[1], hsl[2] / 100, hsl[3] / 100].map(Number);
    const part = (n) => {
      const k = (n + h / 30) % 12;
      return (
        l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
      );
    };
    channels = [part(0), part(8), part(4)];
  } else {
    channels = [1, 3, 5].map(
      (at) => parseInt(colour.slice(at, at + 2), 16) / 255,
    );
  }
  const [r, g, b] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("names can be read on the colours of all functions", () => {
  const functions = Array.from({ length: 500 }, (_, i) => ({
    name: `f${i * 7919}`,
    kind: i % 2 === 0 ? KIND_PYTHON : KIND_C,
  }));
  assert.equal(isDark(), true); // what was stored
  for (const dark of [true, false]) {
    while (isDark() !== dark) nextScheme();
    const { text, faint, background, leftFill, select } = theme();
    const backs = [...functionColours(functions), faint, background, leftFill];
    for (const back of backs) {
      assert.ok(contrast(text, back) >= 4.5, `${text} on ${back}`);
    }
    assert.ok(contrast(select, background) >= 3);
  }
});
