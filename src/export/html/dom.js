// SPDX-License-Identifier: Apache-2.0
/* Elements made in code. Names of a trace are only ever text in them. */

export const byId = (id) => document.getElementById(id);

/** An element with properties, data attributes and children (texts or
 * elements). */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (name.startsWith("aria") || name === "role" || name === "scope") {
      node.setAttribute(name.replace("aria", "aria-").toLowerCase(), value);
    } else {
      node[name] = value;
    }
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Controls that would change how text looks, made visible: a name cannot
 * reverse or hide what stands beside it. */
export function visible(text) {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) =>
      "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
