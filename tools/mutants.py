#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the tests test? Break the program in one place at a time and see.

usage: tools/mutants.py [PART_OF_A_NAME ...]

Takes the defects of tests/mutants/mutants.txt, makes each in a copy of what is
committed, builds it and runs the tests that should find it. Ends with the
survivors; status 1 when one of them has no reason to live, or when the file
does not fit the sources any more.
"""
import collections
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COPY = os.path.join(ROOT, "build", "mutants")
HEAD = re.compile(r"(?P<path>\S+): (?P<tests>\S+) : (?P<name>.+)")
TIMEOUT = 300  # seconds; a mutant that hangs is found

Mutant = collections.namedtuple("Mutant", "path tests name old new reason")


def read_mutants():
    path = os.path.join(ROOT, "tests", "mutants", "mutants.txt")
    with open(path, encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks:
        lines = [line for line in block.splitlines()
                 if not line.startswith("#")]
        if not lines:
            continue
        head = HEAD.fullmatch(lines[0])
        if head is None:
            raise SystemExit("mutants: this is no head: " + lines[0])
        part = {sign: "\n".join(line[2:] for line in lines[1:]
                                if line.startswith(sign))
                for sign in "-+="}
        yield Mutant(head["path"], head["tests"], head["name"], part["-"],
                     part["+"], part["="])


def run(*command, log):
    """Whether the command succeeds."""
    try:
        return subprocess.run(command, cwd=COPY, stdout=log,
                              stderr=subprocess.STDOUT, check=False,
                              timeout=TIMEOUT).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def make_copy(log):
    shutil.rmtree(COPY, ignore_errors=True)
    os.makedirs(COPY)
    archive = subprocess.Popen(["git", "-C", ROOT, "archive", "HEAD"],
                               stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", COPY], stdin=archive.stdout, check=True)
    if archive.wait() != 0 or not (
            run("cmake", "--preset", "dev", log=log) and build(log)):
        raise SystemExit("mutants: cannot build: see " + log.name)


def build(log):
    return run("cmake", "--build", "build/dev", log=log)


def test(tests, log):
    return run("ctest", "--test-dir", "build/dev", "-R", tests, "-LE", "long",
               "--stop-on-failure", "--output-on-failure", log=log)


def is_found(mutant, log):
    """None when it cannot be made."""
    path = os.path.join(COPY, mutant.path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(mutant.old) != 1:
        return None
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(mutant.old, mutant.new))
    try:
        return not test(mutant.tests, log) if build(log) else None
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def main():
    mutants = [mutant for mutant in read_mutants()
               if not sys.argv[1:]
               or any(part in mutant.path + mutant.name
                      for part in sys.argv[1:])]
    counts = collections.Counter()
    os.makedirs(os.path.join(ROOT, "build"), exist_ok=True)
    with open(os.path.join(ROOT, "build", "mutants.log"), "w",
              encoding="utf-8") as log:
        make_copy(log)
        for mutant in mutants:
            log.write("== %s\n" % mutant.name)
            log.flush()
            result = {True: "found", False: "SURVIVES", None: "cannot be made"}[
                is_found(mutant, log)]
            if result == "SURVIVES" and mutant.reason:
                result = "lives: " + mutant.reason
            counts[result.partition(":")[0]] += 1
            print("%-10s %s: %s" % (result, mutant.path, mutant.name),
                  flush=True)
    print(", ".join("%s: %d" % item for item in sorted(counts.items())))
    return counts["SURVIVES"] + counts["cannot be made"] > 0


if __name__ == "__main__":
    sys.exit(main())
