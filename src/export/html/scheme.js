// SPDX-License-Identifier: Apache-2.0
/* Light or dark: as the system has it, or as the reader chose. The page's
 * styles go by the attribute data-scheme of its root. */

const CHOICES = ["system", "light", "dark"];
const STORE_KEY = "viztracer-scheme";

const systemQuery = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = [];

/** What was chosen before; a browser may keep nothing for a page from a file. */
function storedChoice() {
  try {
    const stored = window.localStorage.getItem(STORE_KEY);
    return CHOICES.includes(stored) ? stored : "system";
  } catch {
    return "system";
  }
}

function store(value) {
  try {
    window.localStorage.setItem(STORE_KEY, value);
  } catch {
    // It holds until the page is closed.
  }
}

let choice = storedChoice();

export const schemeChoice = () => choice;

export const isDark = () =>
  choice === "system" ? systemQuery.matches : choice === "dark";

function apply() {
  document.documentElement.dataset.scheme = isDark() ? "dark" : "light";
  listeners.forEach((listener) => listener());
}

/** To the choice that comes next. */
export function nextScheme() {
  choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
  store(choice);
  apply();
}

export function onSchemeChange(listener) {
  listeners.push(listener);
}

systemQuery.addEventListener("change", apply);
apply();
