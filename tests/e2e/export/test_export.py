#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exported traces, as Python's own json reads them.

usage: test_export.py FOLDER_OF_PROGRAMS
"""

import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")


def run(program, *arguments):
    """Run one of our programs; its standard output."""
    return subprocess.run([str(PROGRAMS / program), *map(str, arguments)],
                          check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout


def refuse_constant(name):
    """JSON has no NaN."""
    raise ValueError(name)


def load(text):
    """Parse strictly."""
    return json.loads(text, parse_constant=refuse_constant)


def nanoseconds(microseconds):
    """A time of an event as the integer that it was."""
    return round(microseconds * 1000)


class Oracle:
    """What make_trace says is in its trace."""

    def __init__(self, text):
        self.calls = {}
        self.instants = set()
        self.counters = set()
        self.ends = {}
        for line in text.splitlines():
            kind, pid, tid, rest = line.split(" ", 3)
            getattr(self, "add_" + kind)(int(pid), int(tid), rest)

    def add_call(self, pid, tid, rest):
        start, end, is_unfinished, depth, name = rest.split(" ", 4)
        self.calls.setdefault((pid, tid), []).append(
            (int(start), int(end), is_unfinished == "1", int(depth), name))
        self.note_time(pid, int(end))

    def add_instant(self, pid, tid, rest):
        time, number = map(int, rest.split())
        self.instants.add((pid, tid, time, "instant %d" % number))
        self.note_time(pid, time)

    def add_counter(self, pid, tid, rest):
        time, number, value = rest.split()
        self.counters.add((pid, tid, int(time), "counter " + number,
                           float(value)))
        self.note_time(pid, int(time))

    def note_time(self, pid, time):
        self.ends[pid] = max(self.ends.get(pid, 0), time)

    def finished_calls(self, pid, tid):
        """The calls of a thread; open ones end with their process."""
        for start, end, is_unfinished, _, name in self.calls[pid, tid]:
            end = self.ends[pid] if is_unfinished else end
            yield start, end - start, name


class TraceCase(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.trace = self.folder / "trace.vzt"

    def make(self, seed, calls):
        return Oracle(run("make_trace", self.folder, seed, calls))

    def save(self, name):
        """Save as a file of this name; its path, what save_trace printed."""
        path = self.folder / name
        events, memory = map(int, run("save_trace", self.trace, path).split())
        return path, events, memory


class ExportTest(TraceCase):
    def check_calls(self, document, oracle):
        seen = {}
        for event in document["traceEvents"]:
            if event["ph"] == "X":
                self.assertEqual(event["cat"], "FEE")
                seen.setdefault((event["pid"], event["tid"]), []).append(
                    (nanoseconds(event["ts"]), nanoseconds(event["dur"]),
                     event["name"]))
        self.assertEqual(seen.keys(), oracle.calls.keys())
        for thread, calls in seen.items():
            self.assertEqual(calls, list(oracle.finished_calls(*thread)))

    def check_points(self, document, oracle):
        instants = set()
        counters = set()
        for event in document["traceEvents"]:
            if event["ph"] not in "iC":
                continue
            where = (event["pid"], event["tid"], nanoseconds(event["ts"]),
                     event["name"])
            if event["ph"] == "i":
                instants.add(where)
            else:
                counters.add((*where, event["args"]["value"]))
        self.assertEqual(instants, oracle.instants)
        self.assertEqual(counters, oracle.counters)

    def test_a_report_holds_every_event(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                oracle = self.make(seed, 40000)
                path, events, _ = self.save("report.json")
                document = load(path.read_text(encoding="utf-8"))
                self.check_calls(document, oracle)
                self.check_points(document, oracle)
                self.assertEqual(
                    events, sum(map(len, oracle.calls.values()))
                    + len(oracle.instants) + len(oracle.counters))
                self.trace.unlink()

    def test_a_compressed_report_is_the_same(self):
        self.make(4, 20000)
        plain = self.save("report.json")[0].read_bytes()
        packed = gzip.decompress(self.save("report.json.gz")[0].read_bytes())
        self.assertEqual(plain, packed)

    def test_a_copy_of_a_trace_exports_as_the_trace(self):
        self.make(5, 20000)
        plain = self.save("report.json")[0].read_bytes()
        copy = self.save("copy.vzt")[0]
        self.trace = copy
        self.assertEqual(self.save("again.json")[0].read_bytes(), plain)

    def test_memory_does_not_grow_with_the_report(self):
        sizes = []
        memories = []
        for calls in (20000, 1000000):
            self.make(6, calls)
            path, _, memory = self.save("report.json")
            sizes.append(path.stat().st_size)
            memories.append(memory * 1024)
            self.trace.unlink()
        grown = memories[1] - memories[0]
        self.assertGreater(sizes[1] - sizes[0], 80e6)
        self.assertGreater(memories[0], 0)
        self.assertLess(grown, 0.1 * (sizes[1] - sizes[0]))

    def test_a_failure_leaves_the_old_report(self):
        self.make(7, 2000)
        report = self.folder / "report.json"
        report.write_text("old", encoding="utf-8")
        self.trace.write_bytes(b"no trace at all")
        result = subprocess.run(
            [str(PROGRAMS / "save_trace"), str(self.trace), str(report)],
            check=False, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(self.trace), result.stderr)
        self.assertEqual(report.read_text(encoding="utf-8"), "old")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()),
                         ["report.json", "trace.vzt"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
