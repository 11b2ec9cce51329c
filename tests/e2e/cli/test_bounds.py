# SPDX-License-Identifier: Apache-2.0
"""--tracer_entries N leaves the N calls that end last, --min_duration none that
is shorter: the same program recorded whole is the oracle."""
import collections
import json
import unittest

from launcher import LauncherTest

TREE = """
import os

def leaf(n):
    return n

def tree(n):
    leaf(n)
    if n:
        tree(n - 1)
        leaf(-n)

def forest(count):
    for i in range(count):
        tree(i % 25)

forest(150)
child = os.fork()
forest(100 if child else 60)
if child:
    os.waitpid(child, 0)
"""
BUSY = """
from time import perf_counter

def quick():
    pass

def busy(seconds):
    quick()
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass

def around():
    quick()
    busy(0.002)

for i in range(20):
    quick()
    around()
"""


class BoundsTest(LauncherTest):
    def record(self, *words):
        done = self.viztracer(*words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def calls(self, path):
        with open(self.path(path)) as file:
            return [event for event in json.load(file)["traceEvents"]
                    if event["ph"] == "X"]

    def by_process(self, path):
        """The names of the calls of each process, by their ends."""
        ends = collections.defaultdict(list)
        for call in self.calls(path):
            ends[call["pid"]].append((call["ts"] + call["dur"], -call["ts"],
                                      call["name"]))
        return sorted([name for _, _, name in sorted(calls)]
                      for calls in ends.values())


class LatestCalls(BoundsTest):
    def setUp(self):
        super().setUp()
        self.write("tree.py", TREE)
        self.record("-o", "all.json", "--ignore_c_function", "tree.py")
        self.all = self.by_process("all.json")
        self.assertEqual(len(self.all), 2)

    def check(self, limit, path):
        self.assertEqual(self.by_process(path),
                         sorted(names[-limit:] for names in self.all))

    def test_are_the_last_of_all(self):
        for limit in 1, 5, 2047, 2500, 10 ** 6:
            with self.subTest(limit=limit):
                self.record("--tracer_entries", str(limit), "-o", "x.json",
                            "--ignore_c_function", "tree.py")
                self.check(limit, "x.json")

    def test_stay_so_in_a_copy(self):
        self.record("--tracer_entries", "99", "-o", "x.vzt",
                    "--ignore_c_function", "tree.py")
        self.record("--combine", "x.vzt", "-o", "y.vzt")
        self.record("--combine", "y.vzt", "-o", "y.json")
        self.check(99, "y.json")


class LeastDuration(BoundsTest):
    def test_leaves_out_what_is_shorter(self):
        self.write("busy.py", BUSY)
        self.record("-o", "x.json", "--min_duration", "1ms", "busy.py")
        calls = self.calls("x.json")
        counts = collections.Counter(call["name"].split(" ")[0]
                                     for call in calls)
        self.assertEqual((counts["busy"], counts["around"]), (20, 20))
        self.assertLess(counts["quick"], 5)  # when it was preempted
        self.assertGreaterEqual(min(call["dur"] for call in calls), 1000)


if __name__ == "__main__":
    unittest.main()
