#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Traces that other programs write, through an import and back out.

usage: test_wild.py VIZTRACER PROGRAM...

Each PROGRAM (clang, node, uftrace, chromium, torch=CACHE) makes a trace now;
PyTorch is installed into CACHE first, where it stays. Files of the data folder
stand for programs that are not to be had here, or not in every run. The trace
is exported as JSON, and what Python's own reader finds in the file must be in
the export: calls, async calls, arrows, instants, counters, by process, name and
time. Nothing may be left out without a word.
"""
import bisect
import collections
import glob
import gzip
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data/wild"
VIZTRACER = "viztracer"
PROGRAMS = []

# Times of the trace are whole nanoseconds, and events of one instant are one
# behind the other.
# A call that ends later than its caller, by no more than the microsecond that a
# file's times are exact to, ends with it.
TOLERANCE_NS = 1010

CLANG_SOURCE = """
#include <algorithm>
#include <map>
#include <string>
#include <vector>

int main()
{
    std::map<std::string, std::vector<int>> lists;

    lists["a"].push_back(3);
    std::sort(lists["a"].begin(), lists["a"].end());
    return (int)lists.size() - 1;
}
"""

NODE_SOURCE = """
const fs = require('fs');
const { performance } = require('perf_hooks');

async function job(n) {
    performance.mark('begin ' + n);
    await new Promise(done => setTimeout(done, 2));
    await fs.promises.readFile(__filename);
    performance.measure('job ' + n, 'begin ' + n);
}

console.time('all');
Promise.all([job(1), job(2), job(3)]).then(() => console.timeEnd('all'));
"""

UFTRACE_SOURCE = """
int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int main(void) { return fib(12) != 144; }
"""

TORCH_SOURCE = """
import sys
import torch
from torch.profiler import profile, record_function, ProfilerActivity

with profile(activities=[ProfilerActivity.CPU], with_stack=True,
             record_shapes=True) as profiler:
    with record_function("forward"):
        a = torch.randn(32, 32, requires_grad=True)
        (a @ a).relu().sum().backward()
profiler.export_chrome_trace(sys.argv[1])
"""


def make(folder, *command, **options):
    """Run a program that is to write a trace."""
    subprocess.run([str(word) for word in command], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                   timeout=900, **options)


def make_clang(folder):
    (folder / "list.cpp").write_text(CLANG_SOURCE)
    make(folder, shutil.which("clang++") or "clang++-14", "-ftime-trace",
         "-ftime-trace-granularity=100", "-c", "list.cpp", "-o", "list.o")
    return folder / "list.json"


def make_node(folder):
    (folder / "jobs.js").write_text(NODE_SOURCE)
    make(folder, "node", "--trace-event-categories",
         "v8,node,node.async_hooks,node.perf,node.console,node.fs.async",
         "--trace-event-file-pattern", "node.json", "jobs.js")
    return folder / "node.json"


def make_uftrace(folder):
    (folder / "fib.c").write_text(UFTRACE_SOURCE)
    make(folder, "gcc", "-pg", "-g", "fib.c", "-o", "fib")
    make(folder, "uftrace", "record", "./fib")
    with open(folder / "uftrace.json", "wb") as file:
        subprocess.run(["uftrace", "dump", "--chrome"], cwd=folder, check=True,
                       stdout=file, stderr=subprocess.PIPE)
    return folder / "uftrace.json"


def make_chromium(folder):
    path = folder / "chromium.json"
    make(folder, "chromium", "--headless", "--no-sandbox", "--disable-gpu",
         "--trace-startup", f"--trace-startup-file={path}",
         "--trace-startup-duration=2", "--trace-startup-format=json",
         f"--user-data-dir={folder}/user", "--virtual-time-budget=4000",
         "--dump-dom", "data:text/html,<h1>trace</h1>")
    return path


def find_python(version):
    home = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    return sorted(glob.glob(f"{home}/versions/{version}.*/bin/python3"))[0]


def make_torch(folder, cache):
    """The last release whose package holds all that it needs."""
    python = pathlib.Path(cache) / "bin/python"
    path = folder / "torch.json"
    if not python.exists():
        make(folder, find_python("3.10"), "-m", "venv", cache)
    make(folder, python, "-m", "pip", "-q", "install", "--no-deps",
         "torch==1.12.1", "typing_extensions==4.7.1", "numpy==1.26.4")
    make(folder, python, "-c", TORCH_SOURCE, path)
    return path


MAKERS = {"clang": make_clang, "node": make_node, "uftrace": make_uftrace,
          "chromium": make_chromium, "torch": make_torch}


def events_of(path):
    data = pathlib.Path(path).read_bytes()
    document = json.loads(gzip.decompress(data)
                          if data[:2] == b"\x1f\x8b" else data)
    return document["traceEvents"] if isinstance(document, dict) else document


def ns(event, key="ts"):
    return round(float(event[key]) * 1000)


def in_order(events):
    """By time; a sort is stable, so ties stay as they are in the file."""
    return sorted((e for e in events if "ts" in e), key=ns)


class Found:
    """What is in a trace: {key: sorted times in nanoseconds}, where times are
    tuples of a start and perhaps a length. A process whose id is a text has
    that for its name in the export, and a large number for its id."""

    def __init__(self, events):
        self.open_count = 0
        self.orphan_count = 0
        self.points = collections.defaultdict(list)
        self.made_up = {
            event["pid"]: event["args"]["name"] for event in events
            if event.get("name") == "process_name"
            and isinstance(event["pid"], int) and event["pid"] > 2 ** 31}
        for event in events:
            event.setdefault("tid", event.get("pid"))
        self.first = min((ns(e) for e in events
                          if e.get("ph") in "XBEiIRCbensftNOD"), default=0)
        self.find_calls(events)
        self.find_async(events)
        self.find_arrows(events)
        self.find_points(events)
        for times in self.points.values():
            times.sort()

    def add(self, what, event, start, *more):
        pid = self.made_up.get(event["pid"], event["pid"] or 0)
        key = (what, str(pid), str(event.get("name", "")))
        self.points[key].append((start - self.first, *more))

    def find_calls(self, events):
        stacks = collections.defaultdict(list)
        for event in in_order(events):
            thread = event["pid"], event["tid"]
            if event["ph"] == "X" and "dur" in event:
                self.add("call", event, ns(event), ns(event, "dur"))
            elif event["ph"] in "BX":
                stacks[thread].append(event)
            elif event["ph"] == "E" and stacks[thread]:
                begin = stacks[thread].pop()
                self.add("call", begin, ns(begin), ns(event) - ns(begin))
            elif event["ph"] == "E":
                self.orphan_count += 1
        self.leave_open("call", stacks)

    def leave_open(self, what, stacks):
        for stack in stacks.values():
            for event in stack:
                self.open_count += 1
                self.add(f"open {what}", event, ns(event))

    @staticmethod
    def tree(event):
        """What tells async events apart."""
        id2 = event.get("id2", {})
        if "global" in id2:
            return None, event.get("cat"), str(id2["global"])
        return (event["pid"], event.get("cat"),
                str(id2.get("local", event.get("id"))))

    def find_async(self, events):
        stacks = collections.defaultdict(list)
        for event in in_order(events):
            stack = stacks[self.tree(event)]
            if event["ph"] in "bS":
                stack.append(event)
            elif event["ph"] in "eF":
                at = next((i for i in reversed(range(len(stack)))
                           if stack[i]["name"] == event["name"]),
                          len(stack) - 1)
                if at < 0:
                    self.orphan_count += 1
                    continue
                begin = stack.pop(at)
                self.add("async", begin, ns(begin), ns(event) - ns(begin))
            elif event["ph"] in "nTp":
                self.add("instant", event, ns(event))
        self.leave_open("async", stacks)

    def find_busy_times(self, events):
        """{thread: (starts of calls, the latest end of those up to each)}"""
        ends = collections.defaultdict(list)
        begins = collections.defaultdict(list)
        for event in in_order(events):
            thread = event["pid"], event["tid"]
            if event["ph"] == "X":
                ends[thread].append((ns(event),
                                     ns(event) + ns(event, "dur")))
            elif event["ph"] == "B":
                begins[thread].append(ns(event))
            elif event["ph"] == "E" and begins[thread]:
                ends[thread].append((begins[thread].pop(), ns(event)))
        return {thread: ([start for start, _ in sorted(calls)],
                         list(itertools.accumulate(
                             (end for _, end in sorted(calls)), max)))
                for thread, calls in ends.items()}

    def find_arrows(self, events):
        """A step ends an arrow and begins one. An end in no call is none."""
        busy = self.find_busy_times(events)
        last = {}

        def is_in_call(event):
            starts, ends = busy.get((event["pid"], event["tid"]), ([], []))
            at = bisect.bisect_right(starts, ns(event)) - 1
            return at >= 0 and ends[at] > ns(event)

        for event in in_order(events):
            if event["ph"] not in "stf":
                continue
            key = event.get("cat"), str(event.get("id")), event["name"]
            if event["ph"] in "tf":
                start = last.get(key)
                if start is None:
                    self.orphan_count += 1
                elif is_in_call(start) and is_in_call(event):
                    self.add("arrow", start, ns(start), ns(event) - ns(start))
            if event["ph"] in "st":
                last[key] = event

    def find_points(self, events):
        for event in events:
            if event["ph"] in "iIR":
                self.add("instant", event, ns(event))
            elif event["ph"] == "C":
                self.add("counter", event, ns(event))
            elif event["ph"] in "NOD":
                self.add("object " + event["ph"], event, ns(event))


def near(times, others):
    """Whether two sorted lists of times are the same, but for the tolerance.
    Times that are near each other may change places."""
    left = list(others)
    for wanted in times:
        at = bisect.bisect_left(left, (wanted[0] - TOLERANCE_NS,))
        while at < len(left) and left[at][0] <= wanted[0] + TOLERANCE_NS:
            if all(abs(a - b) <= TOLERANCE_NS
                   for a, b in zip(wanted, left[at])):
                break
            at += 1
        else:
            return False
        if abs(left[at][0] - wanted[0]) > TOLERANCE_NS:
            return False
        del left[at]
    return not left


class WildTest(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def check(self, path):
        output = pathlib.Path(self.folder.name) / "out.json"
        done = subprocess.run(
            [VIZTRACER, "export", str(path), "-o", str(output)], check=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True)
        before = Found(events_of(path))
        after = Found(events_of(output))
        self.assertGreater(sum(map(len, before.points.values())), 10)
        self.assertEqual(
            {key: len(times) for key, times in before.points.items()},
            {key: len(times) for key, times in after.points.items()})
        for key, times in before.points.items():
            self.assertTrue(near(times, after.points[key]), key)
        self.check_words(done.stderr, before)

    def check_words(self, text, before):
        """What is left out is said, and nothing else is said."""
        notes = [line for line in text.splitlines() if "wrote" not in line]
        said = sum(int(number.replace(",", "")) for note in notes
                   for number in re.findall(r": ([\d,]+) ", note)[:1])
        self.assertEqual(said, before.orphan_count, notes)

    def test_programs(self):
        for word in PROGRAMS:
            program, _, argument = word.partition("=")
            folder = pathlib.Path(self.folder.name) / program
            folder.mkdir()
            with self.subTest(program=program):
                path = MAKERS[program](folder, *argument.split("=")[:1]
                                       if argument else [])
                self.check(path)

    def test_files(self):
        """Some are written by hand, see README.md there."""
        files = sorted(DATA.glob("*.json*"))
        self.assertGreater(len(files), 0)
        for file in files:
            with self.subTest(file=file.name):
                self.check(file)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    os.environ.pop("NODE_OPTIONS", None)
    VIZTRACER = os.path.abspath(sys.argv[1])
    PROGRAMS = sys.argv[2:]
    unittest.main(argv=sys.argv[:1])
