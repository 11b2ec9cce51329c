// SPDX-License-Identifier: Apache-2.0
/*
 * Bundle the report page into two C arrays: what stands before the data of a
 * trace, and what stands behind it.
 *
 * usage: node build.mjs SOURCE-FOLDER OUTPUT.c
 *
 * Runs where node_modules is. Nothing of the page is fetched, and nothing but
 * this script and these styles runs: their hashes are in its policy.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { build } from "esbuild";

const [source, output] = process.argv.slice(2).map((path) => resolve(path));
const modules = resolve("node_modules");

async function bundle(entry) {
  const result = await build({
    entryPoints: [join(source, entry)],
    nodePaths: [modules],
    bundle: true,
    minify: true,
    keepNames: true, // d3-flame-graph asks for the name of a constructor
    write: false,
    metafile: true,
    format: "iife",
    charset: "utf8",
    legalComments: "none", // whole licences are in the page
    loader: { ".svg": "text" },
    external: entry.endsWith(".js") ? [] : undefined,
    outdir: resolve("bundle"),
    target: ["chrome103", "firefox113", "safari16.4"],
  });
  return result;
}

const textOf = (result, suffix) => {
  const file = result.outputFiles.find(({ path }) => path.endsWith(suffix));
  return file === undefined ? "" : file.text.trim();
};

/** The packages that the bundle has something of, by their folders. */
function packagesOf(result) {
  const folders = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    let folder = dirname(resolve(input));
    if (relative(modules, folder).startsWith("..")) {
      continue;
    }
    while (!existsSync(join(folder, "package.json"))) {
      folder = dirname(folder);
    }
    folders.add(folder);
  }
  return [...folders].sort();
}

function licenceOf(folder) {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text =
    name === undefined
      ? `${about.license}, ${about.author?.name ?? about.author ?? ""}`
      : readFileSync(join(folder, name), "utf8").trim();
  return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
}

const hashOf = (text) =>
  `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

const escapeText = (text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Fill in {{name}}, each exactly once. */
function fillIn(template, values) {
  const used = new Set();
  const text = template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values) || used.has(name)) {
      throw new Error(`page.html: {{${name}}} is unknown or there twice`);
    }
    used.add(name);
    return values[name];
  });
  if (used.size !== Object.keys(values).length) {
    throw new Error("page.html lacks one of " + Object.keys(values));
  }
  return text;
}

const arrayOf = (name, bytes) => {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 20) {
    lines.push("    " + [...bytes.subarray(i, i + 20)].join(","));
  }
  return `static const unsigned char ${name}[] = {\n${lines.join(",\n")}};\n`;
};

const result = await bundle("main.js");
const script = textOf(result, ".js");
const style = textOf(result, ".css");
for (const text of [script, style]) {
  if (/<\/(script|style)|<!--/i.test(text)) {
    throw new Error("the bundle would end the element that it stands in");
  }
}
const MARK = "\0";
const page = fillIn(readFileSync(join(source, "page.html"), "utf8"), {
  policy: [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  style,
  licences: escapeText(packagesOf(result).map(licenceOf).join("\n\n")),
  data: MARK,
  script,
});
const at = page.indexOf(MARK);
const [head, tail] = [page.slice(0, at), page.slice(at + 1)];

writeFileSync(
  output,
  `/* Made by build.mjs. */
#include "export/html_page.h"

${arrayOf("head", Buffer.from(head, "utf8"))}
${arrayOf("tail", Buffer.from(tail, "utf8"))}
struct html_page
html_page(void)
{
    return (struct html_page){
        .head = head,
        .head_size = sizeof head,
        .tail = tail,
        .tail_size = sizeof tail,
    };
}
`,
);
