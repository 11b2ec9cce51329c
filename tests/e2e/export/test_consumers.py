#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Formats made of sums, as those who use them read them: Python's pstats,
callgrind_annotate, csv; and the lines of folded stacks.

usage: test_consumers.py FOLDER_OF_PROGRAMS

What is expected is summed up here from the list of calls that make_trace
prints.
"""

import collections
import csv
import json
import pstats
import re
import subprocess
import sys
import unittest

import test_export


class Sums:
    """Sums of all calls of an oracle, by stack, function, and pair. A call that
    is unfinished None began elsewhere: it takes time, but does not count."""

    def __init__(self, oracle):
        self.stacks = collections.Counter()
        self.calls = collections.Counter()
        self.shown = collections.Counter()
        self.primitive = collections.Counter()
        self.own = collections.Counter()
        self.total = collections.Counter()
        self.pair_calls = collections.Counter()
        self.pair_total = collections.Counter()
        for (pid, _), calls in oracle.calls.items():
            self.add_thread(calls, oracle.ends[pid])

    def add_thread(self, calls, process_end):
        stack = []
        for start, end, is_unfinished, depth, name in calls:
            del stack[depth:]
            end = process_end if is_unfinished else end
            path = tuple(stack) + (name,)
            caller = stack[-1] if stack else None
            pairs = list(zip((None,) + path, path))
            count = int(is_unfinished is not None)
            self.calls[name] += count
            self.shown[name] += 1
            self.pair_calls[caller, name] += count
            self.own[name] += end - start
            self.stacks[path] += end - start
            if caller is not None:
                self.own[caller] -= end - start
                self.stacks[tuple(stack)] -= end - start
            if name not in stack:
                self.primitive[name] += count
                self.total[name] += end - start
            if (caller, name) not in pairs[:-1]:
                self.pair_total[caller, name] += end - start
            stack.append(name)


def split_label(label):
    """The name, file and line of "name (file:line)"."""
    match = re.fullmatch(r"(.*) \((.*):(\d+)\)", label)
    return match.groups() if match else (label, "~", "0")


class Consumers(unittest.TestCase):
    """A file against the sums that it should have."""

    def check_folded(self, path, sums):
        seen = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            # As flamegraph.pl splits it.
            stack, count = re.fullmatch(r"(.*)\s+(\d+)", line).groups()
            frames = tuple(stack.split(";"))
            self.assertNotIn(frames, seen)
            seen[frames] = int(count)
        self.assertEqual(seen, +sums.stacks)

    def check_pstats(self, path, sums):
        stats = pstats.Stats(str(path)).stats
        functions = {}
        for label in sums.calls:
            name, file, line = split_label(label)
            functions[file, int(line), name] = label
        self.assertEqual(stats.keys(), functions.keys())
        for function, (primitive, calls, own, total, callers) in stats.items():
            label = functions[function]
            self.assertEqual((primitive, calls), (sums.primitive[label],
                                                  sums.calls[label]))
            self.assertAlmostEqual(own, sums.own[label] / 1e9)
            self.assertAlmostEqual(total, sums.total[label] / 1e9)
            self.assertEqual({functions[caller]: numbers[0]
                              for caller, numbers in callers.items()},
                             {caller: count for (caller, callee), count
                              in sums.pair_calls.items()
                              if callee == label and caller is not None})
            for caller, numbers in callers.items():
                self.assertAlmostEqual(
                    numbers[3],
                    sums.pair_total[functions[caller], label] / 1e9)

    def check_csv(self, path, sums):
        with open(path, newline="", encoding="utf-8") as file:
            seen = list(csv.DictReader(file))
        self.assertEqual(len(seen), len(sums.calls))
        own = [int(row["self_ns"]) for row in seen]
        self.assertEqual(own, sorted(own, reverse=True))
        for row in seen:
            label = row["name"] if not row["file"] else (
                "%(name)s (%(file)s:%(line)s)" % row)
            self.assertEqual(
                (int(row["calls"]), int(row["total_ns"]),
                 int(row["self_ns"])),
                (sums.calls[label], sums.total[label], sums.own[label]))

    def check_callgrind(self, path, sums):
        for is_inclusive, expected in (("no", sums.own), ("yes", sums.total)):
            text = subprocess.run(
                ["callgrind_annotate", "--threshold=100", "--auto=no",
                 "--inclusive=" + is_inclusive, str(path)],
                check=True, stdout=subprocess.PIPE,
                universal_newlines=True).stdout
            seen = {}
            for line in text.splitlines():
                match = re.fullmatch(
                    r" *([\d,]+) \([ \d.]+%\)  (.+?):(.*?)(?::(\d+))?",
                    line)
                if match and match.group(2) != "file":
                    count, file, name, number = match.groups()
                    label = name if file == "~" else "%s (%s:%s)" % (
                        name, file, number)
                    seen[label] = int(count.replace(",", ""))
            wanted = {label: count for label, count in expected.items()
                      if count > 0}
            if is_inclusive == "no":
                self.assertEqual(seen, wanted)
            else:
                self.assertEqual(seen.keys() & wanted.keys(), wanted.keys())
        summary = re.search(r"^summary: (\d+)$",
                            path.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(int(summary.group(1)), sum(sums.own.values()))

    def check_speedscope(self, path, sums):
        """As speedscope reads it: each event opens or closes a frame."""
        document = json.loads(path.read_text(encoding="utf-8"))
        names = ["%(name)s (%(file)s:%(line)d)" % frame if "file" in frame
                 else frame["name"] for frame in document["shared"]["frames"]]
        seen = collections.Counter()
        calls = collections.Counter()
        for profile in document["profiles"]:
            self.assertEqual(profile["type"], "evented")
            self.assertEqual(profile["unit"], "nanoseconds")
            stack = []
            last = profile["startValue"]
            for event in profile["events"]:
                self.assertGreaterEqual(event["at"], last)
                if stack:
                    seen[tuple(stack)] += event["at"] - last
                last = event["at"]
                if event["type"] == "O":
                    stack.append(names[event["frame"]])
                    calls[stack[-1]] += 1
                else:
                    self.assertEqual(stack.pop(), names[event["frame"]])
            self.assertEqual(stack, [])
            self.assertLessEqual(last, profile["endValue"])
        self.assertEqual(+seen, +sums.stacks)
        self.assertEqual(calls, sums.shown)


CHECKS = {
    "folded": Consumers.check_folded,
    "pstats": Consumers.check_pstats,
    "csv": Consumers.check_csv,
    "callgrind": Consumers.check_callgrind,
    "speedscope.json": Consumers.check_speedscope,
}


class ConsumerTest(test_export.TraceCase, Consumers):
    def check(self, suffix, *seeds):
        for seed in seeds:
            sums = Sums(self.make(seed, 6000))
            path, _, _ = self.save("report." + suffix)
            CHECKS[suffix](self, path, sums)
            self.trace.unlink()

    def test_folded_stacks(self):
        self.check("folded", 1, 2)

    def test_pstats(self):
        self.check("pstats", 3)

    def test_csv(self):
        self.check("csv", 4)

    def test_callgrind(self):
        self.check("callgrind", 5)

    def test_speedscope(self):
        self.check("speedscope.json", 6)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
