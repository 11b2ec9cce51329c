#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure the product against its budgets: `make bench`.

    run.py [--quick] [--rows overhead,start-up,...] [BUILD]

Prints a table and writes build/bench/results.json. Nothing here passes or
fails by a time; the status tells whether everything could be measured.
--quick only shows that each row works.
"""
import argparse
import json
import os
import platform
import sys

import export
import filters
import import_json
import lifecycle
import model
import overhead
import page
import recorder
import uftrace
from measure import ROOT, Bench, Unavailable


def start_up_rows(bench):
    for version in bench.pythons:
        yield lifecycle.start_up(bench, version)


def pause_rows(bench):
    for version in bench.pythons:
        yield recorder.pauses(bench, version)


def memory_rows(bench):
    for version in bench.pythons:
        yield recorder.memory(bench, version)


def end_to_screen_rows(bench):
    for version in bench.pythons:
        yield lifecycle.end_to_screen(bench, version)


# name: (what measures the rows one by one, what prints one)
ROWS = {
    "overhead": (overhead.rows, overhead.show),
    "uftrace": (uftrace.rows, uftrace.show),
    "filters": (filters.rows, filters.show),
    "start-up": (start_up_rows, lifecycle.show_start_up),
    "pause": (pause_rows, recorder.show_pauses),
    "memory": (memory_rows, recorder.show_memory),
    "end-to-screen": (end_to_screen_rows, lifecycle.show_end_to_screen),
    "model": (model.rows, model.show),
    "export": (export.rows, export.show),
    "page": (page.rows, page.show),
    "import": (import_json.rows, import_json.show),
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", metavar="BUILD",
                        default=os.path.join(ROOT, "build", "release"),
                        help="what CMake built (default: build/release)")
    parser.add_argument("--quick", action="store_true",
                        help="a smoke test; the numbers mean nothing")
    parser.add_argument("--rows", default=",".join(ROWS),
                        help="some of: " + ", ".join(ROWS))
    parser.add_argument("--pythons", default="3.12,3.13,3.11",
                        help="versions to measure on (default: 3.12,3.13,3.11)")
    arguments = parser.parse_args()
    unknown = set(arguments.rows.split(",")) - set(ROWS)
    if unknown:
        parser.error("no such row: " + ", ".join(sorted(unknown)))
    return arguments


def machine():
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file
                 if line.startswith("model name")]
    return {"cpu": names[0] if names else platform.processor(),
            "cores": os.cpu_count(), "kernel": platform.release(),
            "load": os.getloadavg()[0]}


def measure(bench, name):
    """The results of the rows called so; printed as they come."""
    rows, show = ROWS[name]
    results = []
    for result in rows(bench):
        results.append(result)
        for line in show(result):
            print(line, flush=True)
    return results


def main():
    arguments = parse_arguments()
    try:
        bench = Bench(arguments.build, arguments.quick,
                      arguments.pythons.split(","))
    except Unavailable as reason:
        sys.exit("bench: %s" % reason)
    report = {"machine": machine(), "is_quick": bench.is_quick,
              "pythons": bench.pythons, "rows": []}
    print("%(cpu)s, %(cores)d cores, load %(load).1f" % report["machine"])
    missing = 0
    for name in arguments.rows.split(","):
        try:
            report["rows"] += measure(bench, name)
        except Unavailable as reason:
            missing += 1
            print("bench: %s: NOT MEASURED: %s" % (name, reason))
    path = os.path.join(bench.folder, "quick.json" if bench.is_quick
                        else "results.json")
    with open(path, "w") as file:
        json.dump(report, file, indent=1)
        file.write("\n")
    print("written: " + os.path.relpath(path))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
