// SPDX-License-Identifier: Apache-2.0
/* What the page's modules ask of a browser when they are loaded. */
globalThis.window = {
  matchMedia: () => ({ matches: false, addEventListener() {} }),
  localStorage: { stored: "dark", getItem: () => "dark", setItem() {} },
};
globalThis.document = { documentElement: { dataset: {} } };
