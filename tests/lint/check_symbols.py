# SPDX-License-Identifier: Apache-2.0
"""Check that no two of our libraries define the same name.

usage: tests/lint/check_symbols.py LIBRARY ...

The binary that pip installs is linked of all of them, and a linker takes the
first of two functions of one name without a word.
"""
import collections
import subprocess
import sys


def defined_in(library):
    lines = subprocess.check_output(
        ["nm", "--defined-only", "--extern-only", library],
        universal_newlines=True, stderr=subprocess.DEVNULL).splitlines()
    return {line.split()[2] for line in lines
            if len(line.split()) == 3 and line.split()[1] in "TDBR"}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    owners = collections.defaultdict(list)
    for library in sys.argv[1:]:
        for name in defined_in(library):
            if not name.startswith(("_", "__asan", "__odr")):
                owners[name].append(library)
    problems = {name: found for name, found in owners.items()
                if len(found) > 1}
    for name, found in sorted(problems.items()):
        print("%s is defined in %s" % (name, " and in ".join(found)))
    print("%d problems among %d names" % (len(problems), len(owners)))
    sys.exit(bool(problems) or not owners)


main()
