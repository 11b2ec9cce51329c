#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times: whole nanoseconds, nested, the same after a JSON export and import,
and right by the clocks that the program itself reads, in all its processes."""
import collections
import decimal
import json
import os
import random
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "cli"),
                os.path.join(HERE, "..", "..", "python")]
import vzt_reader  # noqa: E402
from launcher import LauncherTest  # noqa: E402

# How far a time may be from the program's own reading of the clock. Pairs of
# clocks are read within a microsecond, but for those that were disturbed.
TOLERANCE_NS = 20000

MARKS = '''
import os, subprocess, sys, time
from viztracer import get_tracer

def busy(n):
    return n if n < 2 else busy(n - 1) + busy(n - 2)

def mark(process):
    tracer = get_tracer()
    for i in range(40):
        before = time.monotonic_ns(), time.time_ns()
        tracer.add_instant("%s %d" % (process, i))
        after = time.monotonic_ns(), time.time_ns()
        os.write(1, ("%s %d,%d,%d,%d,%d\\n"
                     % ((process, i) + before + after)).encode())
        busy(14)

mark(sys.argv[1])
if sys.argv[1] == "first":
    child = os.fork()
    if child == 0:
        mark("forked")
        os._exit(0)
    os.waitpid(child, 0)
    subprocess.check_call([sys.executable, __file__, "spawned"])
    mark("again")
'''


def random_program(seed):
    """Functions that call later ones, some of them generators, some of which
    raise; in three threads."""
    numbers = random.Random(seed)
    count = 12
    lines = ["import threading"]
    for i in range(count):
        lines.append("def f%d(n):" % i)
        for _ in range(numbers.randrange(1, 5)):
            callee = numbers.randrange(i + 1, count + 3)
            if callee >= count:
                lines.append("    len(str(n))")
            elif numbers.random() < 0.2:
                lines.append("    list(f%d(n) for n in range(%d))"
                             % (callee, numbers.randrange(4)))
            elif numbers.random() < 0.2:
                lines.append("    try: f%d(n), 1 // (n %% 2)" % callee)
                lines.append("    except ZeroDivisionError: abs(n)")
            else:
                lines.append("    f%d(n + 1)" % callee)
    lines.append("def work():")
    lines.append("    for n in range(20): f0(n)")
    lines.append("threads = [threading.Thread(target=work) for _ in range(3)]")
    lines.append("for thread in threads: thread.start()")
    lines.append("work()")
    lines.append("for thread in threads: thread.join()")
    return "\n".join(lines) + "\n"


def nanoseconds(microseconds):
    """Of a Decimal; None when it is no whole number of them."""
    value = microseconds * 1000
    return int(value) if value == int(value) else None


class TimestampTest(LauncherTest):
    def record(self, program, *arguments):
        """The program may have the package for marks of its own."""
        folder = self.viztracer("--python_path").stdout.decode().strip()
        self.environment["PYTHONPATH"] = folder
        path = self.write("program.py", program)
        done = self.viztracer("-o", self.path("trace.vzt"), path, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def report(self, source, name):
        done = self.viztracer("export", source, "-o", self.path(name))
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path(name)) as file:
            return json.load(file, parse_float=decimal.Decimal)

    def calls(self, report):
        """{(pid, tid): [(start, end, name), ...]} in whole nanoseconds."""
        calls = collections.defaultdict(list)
        for event in report["traceEvents"]:
            if event["ph"] == "X":
                start = nanoseconds(event["ts"])
                length = nanoseconds(event["dur"])
                self.assertIsNotNone(start, event)
                self.assertIsNotNone(length, event)
                calls[event["pid"], event["tid"]].append(
                    (start, start + length, event["name"]))
        return calls

    def check_nesting(self, calls):
        for thread in calls.values():
            last = 0
            stack = []
            for start, end, name in thread:
                self.assertGreater(start, last, name)
                self.assertGreater(end, start, name)
                while stack and stack[-1] < start:
                    stack.pop()
                if stack:  # strictly: each event has its own nanosecond
                    self.assertLess(end, stack[-1], name)
                stack.append(end)
                last = start

    def test_random_programs(self):
        for seed in range(3):
            with self.subTest(seed=seed):
                self.record(random_program(seed))
                first = self.report("trace.vzt", "first.json")
                calls = self.calls(first)
                self.assertEqual(len(calls), 4)
                self.assertGreater(sum(map(len, calls.values())), 500)
                self.check_nesting(calls)
                again = self.report("first.json", "again.json")
                self.assertEqual(self.calls(again), calls)

    def test_clocks_of_all_processes(self):
        marks = dict(line.split(",", 1) for line in
                     self.record(MARKS, "first").splitlines())
        self.assertEqual(len(marks), 160)
        report = self.report("trace.vzt", "report.json")
        metadata = report["viztracer_metadata"]
        base = metadata["baseTimeNanoseconds"]
        seen = {event["name"]: nanoseconds(event["ts"])
                for event in report["traceEvents"] if event["ph"] == "i"}
        self.assertEqual(set(seen), set(marks))
        for name, times in marks.items():
            before, wall_before, after, wall_after = map(int, times.split(","))
            with self.subTest(mark=name):
                self.assertGreater(seen[name], before - TOLERANCE_NS)
                self.assertLess(seen[name], after + TOLERANCE_NS)
                self.assertGreater(seen[name] + base,
                                   wall_before - TOLERANCE_NS)
                self.assertLess(seen[name] + base, wall_after + TOLERANCE_NS)
        self.assertGreater(metadata["eventCostNanoseconds"], 0)
        self.assertGreater(metadata["recordingNanoseconds"], 0)

    def test_blocks_pair_both_clocks(self):
        self.record(MARKS, "only")
        process, = vzt_reader.read(self.path("trace.vzt")).processes
        header = process.header
        self.assertGreater(header.event_cost_ps, 0)
        self.assertGreater(process.status.flush_ticks, 0)
        pairs = sorted((block.first_tick, block.first_monotonic_ns)
                       for stream in process.streams.values()
                       for block in stream.blocks)
        self.assertGreater(len(pairs), 4)
        for tick, monotonic_ns in pairs:
            expected = (header.anchor_monotonic_ns
                        + (tick - header.anchor_tick) * 10 ** 9
                        / header.ticks_per_second)
            # The rate is an estimate of some hundred microseconds.
            distance = abs(monotonic_ns - header.anchor_monotonic_ns)
            self.assertLess(abs(monotonic_ns - expected),
                            TOLERANCE_NS + distance / 100)


if __name__ == "__main__":
    unittest.main()
