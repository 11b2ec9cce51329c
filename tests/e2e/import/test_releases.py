#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What releases of VizTracer wrote, through an import and back out.

usage: test_releases.py VIZTRACER FOLDER...

Each JSON file of the folders is exported as JSON again and compared, by
Python's own reader, with what stands in the file: calls with their names,
durations and callers, instants, counters, objects, names of threads, sources.
"""
import collections
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
VIZTRACER = "viztracer"
FOLDERS = []

# Rounding to nanoseconds, and one for each call that ends with another one.
TOLERANCE_NS = 4


def load(path):
    data = pathlib.Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return json.loads(data)


def run(*arguments):
    return subprocess.run([VIZTRACER, *map(str, arguments)], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True)


def label(name):
    """The name that a call of the file has since VizTracer 0.10."""
    match = re.fullmatch(r"(.+)\((\d+)\)\.(.+)", name)
    if match:
        return f"{match[3]} ({match[1]}:{match[2]})"
    match = re.fullmatch(r"(.+\.py)\.(.+)", name)
    return f"{match[2]} ({match[1]})" if match else name


def pair(events):
    """Calls as (pid, tid, start, end, name); B and E made one."""
    calls = []
    stacks = collections.defaultdict(list)
    for event in sorted((e for e in events if e["ph"] in "XBE"),
                        key=lambda e: e["ts"]):
        thread = (event["pid"], event["tid"])
        start = round(event["ts"] * 1000)
        if event["ph"] == "X":
            calls.append((*thread, start, start + round(event["dur"] * 1000),
                          event["name"]))
        elif event["ph"] == "B":
            stacks[thread].append((start, event["name"]))
        else:
            begin, name = stacks[thread].pop()
            calls.append((*thread, begin, start, name))
    return calls, sum(map(len, stacks.values()))


def callers(calls):
    """How often which name calls which, by looking at all pairs."""
    pairs = collections.Counter()
    for pid, tid, start, end, name in calls:
        around = [c for c in calls
                  if c[:2] == (pid, tid) and c[2] < start and c[3] > end]
        caller = min(around, key=lambda c: c[3] - c[2])[4] if around else None
        pairs[caller, name] += 1
    return pairs


class ReleaseTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def check(self, path):
        output = pathlib.Path(self.folder.name) / "out.json"
        done = run("export", path, "-o", output)
        self.assertEqual(
            [line for line in done.stderr.splitlines()
             if "wrote" not in line and "buffer was full" not in line], [])
        self.compare(load(path), load(output))

    def compare(self, before, after):
        self.compare_calls(before["traceEvents"], after["traceEvents"])
        self.compare_points(before["traceEvents"], after["traceEvents"])
        self.compare_names(before["traceEvents"], after["traceEvents"])
        sources = before.get("file_info", {}).get("files", {})
        self.assertEqual(sources, after["file_info"]["files"])
        self.assertEqual(
            before.get("viztracer_metadata", {}).get("baseTimeNanoseconds"),
            after["viztracer_metadata"]["baseTimeNanoseconds"] or None)

    def compare_calls(self, before, after):
        expected, open_count = pair(before)
        seen, seen_open_count = pair(after)
        self.assertEqual(open_count, seen_open_count)
        expected = sorted((*call[:4], label(call[4])) for call in expected)
        seen.sort()
        self.assertEqual([(*c[:3], c[4]) for c in expected],
                         [(*c[:3], c[4]) for c in seen])
        for old, new in zip(expected, seen):
            self.assertLessEqual(abs(old[3] - new[3]), TOLERANCE_NS, old)
        self.assertEqual(callers(expected), callers(seen))
        arguments = [sorted(json.dumps(e["args"]) for e in events
                            if e["ph"] in "XB" and e.get("args") is not None)
                     for events in (before, after)]
        self.assertEqual(*arguments)

    def compare_points(self, before, after):
        for phases in ("iI", "C"):
            points = [
                [(e["pid"], round(e["ts"] * 1000), e["name"], e["args"],
                  e.get("s")) for e in events if e["ph"] in phases]
                for events in (before, after)]
            self.assertEqual(*points)
        objects = [[(e["pid"], round(e["ts"] * 1000), e["ph"], e["name"],
                     e["id"], e.get("args")) for e in events
                    if e["ph"] in "NOD"] for events in (before, after)]
        self.assertEqual(*objects)

    def compare_names(self, before, after):
        names = {}
        for event in after:
            if event["ph"] == "M":
                names[event["name"], event["pid"], event["tid"]] = event["args"]
        for event in before:
            if event["ph"] == "M":
                self.assertEqual(
                    event["args"],
                    names[event["name"], event["pid"], event["tid"]])

    def test_files(self):
        files = [file for folder in FOLDERS
                 for file in sorted(pathlib.Path(folder).glob("*.json*"))]
        self.assertGreater(len(files), 0)
        for file in files:
            with self.subTest(file=file.name):
                self.check(file)

    def test_combined(self):
        """Several files are one trace; some do not say when they were
        recorded."""
        files = sorted(pathlib.Path(FOLDERS[0]).glob("*.json"))
        output = pathlib.Path(self.folder.name) / "out.vzt"
        again = pathlib.Path(self.folder.name) / "again.json"
        run("export", *files, "--align", "start", "-o", output)
        run("export", output, "-o", again)
        count = sum(sum(e["ph"] in "XB" for e in load(f)["traceEvents"])
                    for f in files)
        self.assertEqual(
            sum(e["ph"] in "XB" for e in load(again)["traceEvents"]), count)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    VIZTRACER = sys.argv[1]
    FOLDERS = sys.argv[2:]
    unittest.main(argv=sys.argv[:1])
