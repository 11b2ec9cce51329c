// SPDX-License-Identifier: Apache-2.0
/* The source text around the definition of a function, as far as the page
 * holds it. */
import { element, visible } from "./dom.js";
import { placeOf } from "./names.js";

const LINES_AFTER = 60; // of a function, that are shown
const LINES_BEFORE = 3;
const OPENS_BLOCK = /^\s*(@|def\s|async\s+def\s|class\s)/;
const GOES_ON = /^\s*(@|def\s|async\s|class\s|[)\]}])/;

const indentOf = (line) => /^\s*/.exec(line)[0].length;

/** Where the block that begins at an index of lines ends: the first index
 * behind it. What is no block ends with its line. */
export function blockEnd(lines, at) {
  if (!OPENS_BLOCK.test(lines[at])) {
    return at + 1;
  }
  const indent = indentOf(lines[at]);
  let end = at + 1;
  let hasBody = false;
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i];
    if (line.trim() === "") continue;
    if (indentOf(line) > indent) {
      hasBody = true;
    } else if (
      indentOf(line) < indent ||
      !GOES_ON.test(line) ||
      (hasBody && OPENS_BLOCK.test(line))
    ) {
      break;
    }
    end = i + 1;
  }
  return end;
}

/** The piece that has the first line of a function, or undefined. */
const pieceOf = ({ source }, fn) =>
  source.pieces
    .get(fn.file)
    ?.find(
      ({ first, lines }) => fn.line >= first && fn.line < first + lines.length,
    );

/** Why there is no text. */
function reasonOf(trace, fn) {
  if (!trace.wantsSource) {
    return "The source text is left out of this page (--no_source).";
  }
  if (trace.sources === 0) {
    return "The recording holds no source text.";
  }
  return trace.source.filesLeftOut > 0 && fn.file !== ""
    ? "The source text of this file had no room on this page, or is not in " +
        "the recording."
    : "The recording does not hold the source text of this file.";
}

function makeLine(number, text, isInside, isFirst) {
  return element(
    "span",
    {
      className: `line${isInside ? "" : " is-outside"}${isFirst ? " is-first" : ""}`,
      data: { line: number },
    },
    visible(text.replace(/\t/g, "    ")),
  );
}

/** An element with the text, or with the reason why there is none; null for
 * what has no source. */
export function makeSource(trace, fn) {
  if (fn.file === "") {
    return null;
  }
  const piece = pieceOf(trace, fn);
  if (piece === undefined) {
    return element("p", { className: "no-source" }, reasonOf(trace, fn));
  }
  const { first, lines } = piece;
  const at = Math.max(fn.line, first) - first;
  const isModule = fn.name === "<module>";
  const end = isModule ? lines.length : blockEnd(lines, at);
  const from = Math.max(0, at - LINES_BEFORE);
  const to = Math.min(
    lines.length,
    Math.max(end + 1, at + 4),
    at + LINES_AFTER,
  );
  const shown = lines
    .slice(from, to)
    .map((text, i) =>
      makeLine(
        first + from + i,
        text,
        from + i >= at && from + i < end,
        from + i === at && !isModule,
      ),
    );
  return element(
    "figure",
    { className: "source" },
    element("figcaption", {}, placeOf(fn)),
    element(
      "pre",
      { tabIndex: 0, ariaLabel: `Source of ${visible(fn.name)}` },
      ...shown,
    ),
  );
}
