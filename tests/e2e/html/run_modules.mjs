// SPDX-License-Identifier: Apache-2.0
/*
 * Bundle a test of the page's modules, as the page itself is bundled, and run
 * it.
 *
 * usage: node run_modules.mjs TEST SOURCE-FOLDER   where node_modules is
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";

const [test, source] = process.argv.slice(2).map((path) => resolve(path));
const folder = mkdtempSync(join(tmpdir(), "viztracer-modules-"));
try {
  const outfile = join(folder, "test.mjs");
  await build({
    entryPoints: [test],
    nodePaths: [resolve("node_modules")],
    alias: { page: source },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  await import(pathToFileURL(outfile));
} finally {
  rmSync(folder, { recursive: true });
}
