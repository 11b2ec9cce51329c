// SPDX-License-Identifier: Apache-2.0
/* Command lines that make a smaller page of a part of the trace. */

const quoted = (text) =>
  /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;

/** A time as queries have it, in whole ns: "1204318ns". */
const queryTime = (ns) => `${Math.round(ns)}ns`;

/** The file that the page was made of, or a name that stands for it: what was
 * made while recording is of a file that is gone. */
function inputOf(trace) {
  const isFile = (name) => /\.(vzt|json|gz)$/.test(name);
  return trace.inputs.length > 0 && trace.inputs.every(isFile)
    ? trace.inputs.map(quoted).join(" ")
    : "RECORDING.vzt";
}

/** The command that exports [start, end) ns. */
export const narrowCommand = (trace, start, end) =>
  `viztracer export ${inputOf(trace)} ` +
  `--range ${queryTime(start)}..${queryTime(end)} -o part.html`;

/** Arguments as one would type them. */
export const commandText = (words) => words.map(quoted).join(" ");
