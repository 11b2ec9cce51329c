#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""vzt(5) says what layout.h, event.h and payload.h say.

usage: check_vzt_page.py ROOT COMPILER

Every row of the page's tables becomes a static assertion; what the headers
have and the page has not is a problem. Then a few errors are planted in the
page, and each must be found.
"""

import pathlib
import re
import subprocess
import sys

import source_tree

STRUCT = re.compile(r"^\.Em struct (\w+)")
FIELD = re.compile(r"^\.It (\d+) Ta (\d+) Ta (\w+) Ta")
CONSTANT = re.compile(r"^\.It ([A-Z][A-Z0-9_]+) Ta (\d+) Ta")
ENUMERATOR = re.compile(r"^ +((?:VZT|EVENT|RECORD)_\w+) =", re.MULTILINE)
# Said in other words in the page, or nothing that is in a file.
UNNAMED = {"VZT_FORMAT_VERSION", "VZT_SECTION_MAGIC_SIZE",
           "VZT_SECTION_HEADER_SIZE", "EVENT_DELTA_BITS", "EVENT_ID_BITS",
           "EVENT_FUNCTION_MAX", "EVENT_ENTRIES", "EVENT_EXITS",
           "RECORD_SIZE_BITS", "RECORD_WORDS_MAX"}
PLANTED = [
    ("24 Ta 8 Ta must_understand", "28 Ta 8 Ta must_understand"),
    ("64 Ta 16 Ta boot_id", "64 Ta 8 Ta boot_id"),
    ("EVENT_YIELD Ta 5", "EVENT_YIELD Ta 6"),
    (".It 152 Ta 8 Ta reserved Ta\n", ""),
    ("RECORD_AUDIT", "RECORD_AUDITS"),
    ("struct vzt_gap", "struct vzt_gaps"),
]


def assertions(page):
    """C that compiles when the tables are right."""
    lines = ["#include <stddef.h>", '#include "format/event.h"',
             '#include "format/layout.h"']
    sizes = {}
    struct = None
    for line in page.splitlines():
        if match := STRUCT.match(line):
            struct = match[1]
        elif match := FIELD.match(line):
            offset, size, name = match.groups()
            sizes[struct] = sizes.get(struct, 0) + int(size)
            lines.append(f"_Static_assert(offsetof(struct {struct}, {name}) =="
                         f' {offset}, "{struct}.{name}");')
            lines.append(f"_Static_assert(sizeof(((struct {struct} *)0)->"
                         f'{name}) == {size}, "{struct}.{name}");')
        elif match := CONSTANT.match(line):
            lines.append(f'_Static_assert({match[1]} == {match[2]}, '
                         f'"{match[1]}");')
    for struct, size in sizes.items():
        lines.append(f"_Static_assert(sizeof(struct {struct}) == {size}, "
                     f'"{struct}: the page has not all fields");')
    return "\n".join(lines) + "\n"


def check(page, headers, root, compiler):
    """What the page says wrongly or leaves out."""
    result = subprocess.run(
        [compiler, "-std=c11", f"-I{root / 'src'}", "-fsyntax-only", "-x", "c",
         "-"], input=assertions(page), text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    problems = [result.stdout] if result.returncode != 0 else []
    words = set(re.findall(r"\w+", page))
    names = set(ENUMERATOR.findall(headers)) - UNNAMED
    names |= set(re.findall(r"^struct (vzt_\w+) {", headers, re.MULTILINE))
    return problems + [f"vzt.5: {name} is missing"
                       for name in sorted(names - words)]


def main():
    root = source_tree.root_from_arguments()
    compiler = sys.argv[2]
    page = (root / "man/vzt.5").read_text(encoding="utf-8")
    headers = "".join((root / "src/format" / name).read_text(encoding="utf-8")
                      for name in ("event.h", "payload.h", "layout.h"))
    problems = check(page, headers, root, compiler)
    for good, bad in PLANTED:
        planted = page.replace(good, bad)
        if planted == page or not check(planted, headers, root, compiler):
            problems.append(f"{pathlib.Path(__file__).name}: "
                            f"does not find {bad!r} in place of {good!r}")
    source_tree.finish(problems)


if __name__ == "__main__":
    main()
