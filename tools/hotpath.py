#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions that recording spends on an event, by line: `make hotpath`.

    hotpath.py BUILD [--pythons 3.12,3.11]

Runs workloads of the benchmark, recorded, under valgrind --tool=callgrind,
each twice with another number of rounds: the difference has no start-up in it.
Only instructions of the recorder's own extension are counted. The numbers are
the same on any machine, however busy. docs/hot-path.md explains the lines.
"""
import argparse
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORKLOAD = os.path.join(ROOT, "bench", "workload.py")
WORKLOADS = ("fib", "fib-c", "c-calls", "generators")
ROUNDS = (2, 6)
SHOWN_MIN = 0.05  # instructions an event


def find_python(version):
    found = glob.glob(os.path.expanduser(
        "~/.pyenv/versions/%s.*/bin/python3" % version))
    return found[0] if found else "/usr/bin/python%s" % version


def read_costs(path):
    """{(function, file, line): instructions} of our object."""
    costs = collections.Counter()
    is_ours = skips = False
    function = file = None
    with open(path, errors="replace") as lines:
        for line in lines:
            key, equals, value = line.rstrip("\n").partition("=")
            if equals:
                if key == "ob":
                    is_ours = "_tracer" in os.path.basename(value)
                elif key == "fn":
                    function = value
                elif key in ("fl", "fi", "fe"):
                    file = value
                skips = key == "calls"  # the cost of the callee follows
            elif line[:1].isdigit():
                number, _, cost = line.partition(" ")
                if is_ours and not skips:
                    costs[function, file, int(number)] += int(cost)
                skips = False
    return costs


def callgrind(python, build, workload, rounds, folder):
    out = os.path.join(folder, "callgrind.out")
    package = subprocess.run(
        [os.path.join(build, "bin", "viztracer"), "--python_path"],
        check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    environment = dict(
        os.environ, VIZTRACER_RECORD_DIR=folder, PYTHONHASHSEED="0",
        PYTHONPATH=os.path.join(package, "viztracer", "bootstrap"))
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out,
         "--compress-strings=no", "--compress-pos=no", python, WORKLOAD,
         "none", workload, str(rounds)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    if done.returncode != 0:
        sys.exit("hotpath.py: %s: %s" % (workload, done.stderr[-500:]))
    return read_costs(out)


def count_events(python, workload):
    counts = json.loads(subprocess.run(
        [python, WORKLOAD, "count", workload, "1"], check=True,
        stdout=subprocess.PIPE, text=True).stdout)
    return counts["python_events"] + counts["c_events"]


def source_line(file, line):
    try:
        with open(file) as source:
            return source.read().splitlines()[line - 1].strip()
    except (OSError, IndexError):
        return ""


def measure(python, build, workload):
    with tempfile.TemporaryDirectory() as folder:
        runs = [callgrind(python, build, workload, rounds, folder)
                for rounds in ROUNDS]
    events = count_events(python, workload) * (ROUNDS[1] - ROUNDS[0])
    runs[1].subtract(runs[0])
    return {key: cost / events for key, cost in runs[1].items() if cost > 0}


def show(version, workload, costs):
    functions = collections.Counter()
    for (function, _, _), cost in costs.items():
        functions[function] += cost
    print("\n%s, %s: %.1f instructions an event" % (
        version, workload, sum(functions.values())))
    for function, whole in functions.most_common():
        if whole < SHOWN_MIN:
            continue
        print("  %6.2f  %s" % (whole, function))
        for (owner, file, line), cost in sorted(
                costs.items(), key=lambda item: -item[1]):
            if owner == function and cost >= SHOWN_MIN:
                print("          %6.2f  %s:%d: %s" % (
                    cost, os.path.basename(file), line,
                    source_line(file, line)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", metavar="BUILD")
    parser.add_argument("--pythons", default="3.12,3.11")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    arguments = parser.parse_args()
    for version in arguments.pythons.split(","):
        python = find_python(version)
        for workload in arguments.workloads.split(","):
            show(version, workload,
                 measure(python, os.path.abspath(arguments.build), workload))


main()
