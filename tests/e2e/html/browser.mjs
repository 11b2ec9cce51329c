// SPDX-License-Identifier: Apache-2.0
/*
 * A browser that does what it is told: each line of standard input is a JSON
 * array, [method, arguments ...]; each is answered by a line, {"value": ...} or
 * {"error": text}.
 *
 *     open(file, options, without)
 *                           a page of its own; options are playwright's, of a
 *                           browser context; without names something that
 *                           browsers have and this one shall not
 *     answer()              how many ms after its start the page had painted
 *                           what a key asks for that is pressed now
 *     call(text, argument)  a function, in the page
 *     click(selector), key(name), type(text), drag(from x, y, to x, y)
 *     mouse(x, y), hover(x, y)  a click, or the mouse alone
 *     touch([[[x, y], ...], ...])  fingers, moment after moment; [] = none
 *     upload(selector, file)  choose a file for an input, shown or not
 *     wait(text)            until an expression is true
 *     shot(file)            a picture of the page
 *     problems()            what no page may do: errors, requests, dialogs,
 *                           violations of its policy
 *
 * usage: node browser.mjs EXECUTABLE
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const DEADLINE_MS = 60000;

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
let page = null;
let problems = [];

function watch(file) {
  const own = pathToFileURL(file).href;
  page.on("console", (message) => {
    problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (url !== own) problems.push(`request: ${url.slice(0, 200)}`);
  });
}

/** playwright's own waiting evaluates text in the page, which the policy of a
 * page rightly forbids. */
async function waitUntil(text) {
  const end = performance.now() + DEADLINE_MS;
  while (!(await page.evaluate(text))) {
    if (performance.now() > end) {
      throw new Error(`still waiting until ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

const methods = {
  async open(file, options, without) {
    await page?.context().close();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    page = await context.newPage();
    problems = [];
    watch(file);
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        window.violations.push(
          `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`,
        );
      });
    });
    if (without !== undefined) {
      await page.addInitScript((name) => delete window[name], without);
    }
    const start = performance.now();
    await page.goto(pathToFileURL(file).href);
    await waitUntil("document.body?.dataset.state !== 'loading'");
    return performance.now() - start;
  },
  answer: () =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          document.dispatchEvent(
            new KeyboardEvent("keydown", {
              key: "w",
              bubbles: true,
            }),
          );
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve(performance.now())),
          );
        }),
    ),
  async touch(moments) {
    const session = await page.context().newCDPSession(page);
    let before = [];
    for (const fingers of moments) {
      const type =
        fingers.length < before.length
          ? "touchEnd"
          : fingers.length > before.length
            ? "touchStart"
            : "touchMove";
      const touchPoints = fingers.map(([x, y], id) => ({ x, y, id }));
      await session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints,
      });
      before = fingers;
    }
    return true;
  },
  call: (text, argument) =>
    page.evaluate(`(${text})(${JSON.stringify(argument) ?? ""})`),
  upload: (selector, file) => page.setInputFiles(selector, file),
  click: (selector) => page.click(selector),
  key: (name) => page.keyboard.press(name),
  type: (text) => page.keyboard.type(text),
  async drag(fromX, fromY, toX, toY) {
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(toX, toY, { steps: 30 });
    await page.mouse.up();
  },
  mouse: (x, y) => page.mouse.click(x, y),
  hover: (x, y) => page.mouse.move(x, y),
  wait: waitUntil,
  shot: (path) => page.screenshot({ path }).then(() => true),
  async problems() {
    const violations = await page.evaluate(() => window.violations);
    return problems.concat(violations.map((text) => `violation: ${text}`));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [method, ...values] = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await methods[method](...values)) ?? null };
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
