#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Includes point down the layers, and platform code stays where it may be.

usage: check_layers.py ROOT
"""

import re

import source_tree

# Each layer of src/ and what it may include, itself included.
LAYERS = {
    "base": {"base"},
    "format": {"base", "format"},
    "import": {"base", "format", "import"},
    "model": {"base", "format", "model"},
    "tracer/record": {"base", "format", "tracer/record"},
    "export": {"base", "format", "model", "export"},
    "report": {"base", "format", "model", "report"},
    "tui": {"base", "format", "model", "tui"},
    "tracer/python": {"base", "format", "tracer/record", "tracer/python"},
    "cli": {"base", "format", "import", "model", "tracer/record", "export",
            "report", "tui", "cli"},
}

# System headers that belong to one place, by the start of the file's path.
HOMES = {
    "Python.h": "tracer/python/",
    "frameobject.h": "tracer/python/",
    "structmember.h": "tracer/python/",
    "curses.h": "tui/terminal.c",
    "ncurses.h": "tui/terminal.c",
    "ncursesw/curses.h": "tui/terminal.c",
    "term.h": "tui/terminal.c",
    "zlib.h": ("base/", "import/"),
    "criterion/criterion.h": (),
}

# Files that may hold conditionals; elsewhere a file per platform is chosen
# by the build.
CONDITIONAL_HOMES = re.compile(
    r"base/(os[^/]*|clock[^/]*)\.[ch]|base/banned\.h|tui/terminal\.c"
    r"|tracer/python/(python|frame)_compat\.h")

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
CONDITIONAL = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif)\b\s*(.*)")


def layer_of(path):
    """The layer that a path below src/ belongs to, or None."""
    for layer in LAYERS:
        if path.startswith(layer + "/"):
            return layer
    return None


def guard_of(path):
    """The include guard of a header: BASE_BUFFER_H for base/buffer.h."""
    return re.sub(r"[^A-Za-z0-9]", "_", path).upper()


def check_own_include(layer, target):
    """What is wrong with #include "target" in a file of the layer."""
    target_layer = layer_of(target)
    if target_layer is None:
        return f'"{target}" is not named from src/ by its layer'
    if target_layer not in LAYERS[layer]:
        return f'{layer} may not include "{target}"'
    return None


def check_line(path, layer, line):
    """What is wrong with one line of a file, or None."""
    include = INCLUDE.match(line)
    if include and include.group(1) == '"':
        return check_own_include(layer, include.group(2))
    if include:
        home = HOMES.get(include.group(2))
        if home is not None and not path.startswith(home):
            return f"<{include.group(2)}> may not be included here"
        return None
    conditional = CONDITIONAL.match(line)
    if conditional and not CONDITIONAL_HOMES.fullmatch(path):
        is_guard = (conditional.group(1) == "ifndef"
                    and conditional.group(2) == guard_of(path))
        if not is_guard:
            return "conditional compilation: choose a file in CMake instead"
    return None


def check_file(root, file):
    """Yield the problems of one source file."""
    path = file.relative_to(root / "src").as_posix()
    layer = layer_of(path)
    if layer is None:
        yield f"src/{path}: belongs to no layer"
        return
    text = file.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        problem = check_line(path, layer, line)
        if problem:
            yield f"src/{path}:{number}: {problem}"


def main():
    root = source_tree.root_from_arguments()
    problems = []
    for file in source_tree.find(root, ["src"], {".c", ".h"}):
        problems.extend(check_file(root, file))
    source_tree.finish(problems)


if __name__ == "__main__":
    main()
