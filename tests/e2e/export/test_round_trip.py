# SPDX-License-Identifier: Apache-2.0
"""A recording of a real program, and of a random one, out and in again; and in
every form its sums, whole and cut to a scope.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer \\
        PROGRAMS=build/dev/tests/e2e/export python3 test_round_trip.py
"""
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.argv[1:] = [os.environ["PROGRAMS"]]
import test_consumers  # noqa: E402
import test_export  # noqa: E402

VIZTRACER = os.path.abspath(os.environ["VIZTRACER"])
PROGRAM = '''
import os
import threading
import types
from viztracer import get_tracer

class Größe:
    def add(self, n):
        return sum(self.each(n))

    def each(self, n):
        for i in range(n):
            yield i

def fail(n):
    if n == 0:
        raise ValueError("no more")
    try:
        fail(n - 1)
    finally:
        Größe().add(3)

def work(n):
    recorder = get_tracer()
    recorder.add_instant("work \\u20ac", {"n": n, "text": "a\\"b\\n"}, "p")
    recorder.add_counter("queue", {"length": n, "share": n / 7})
    recorder.add_object("N", n, "Cart")
    recorder.add_object("O", n, "Cart", {"snapshot": {"items": [1, {"n": n}]}})
    for i in range(n):
        Größe().add(i)
        try:
            fail(i)
        except ValueError:
            pass
    recorder.add_object("D", n, "Cart")

@types.coroutine
def pause():
    yield

async def task(n):
    await pause()
    Größe().add(n)

def take_turns(tasks):
    while tasks:
        task = tasks.pop(0)
        try:
            task.send(None)
            tasks.append(task)
        except StopIteration:
            pass

print("hello", "\\u20ac")
threads = [threading.Thread(target=work, args=(i + 3,)) for i in range(3)]
for thread in threads:
    thread.start()
work(8)
for thread in threads:
    thread.join()
take_turns([task(i) for i in range(4)])
child = os.fork()
work(4)
if child:
    os.waitpid(child, 0)
'''


def export(*arguments):
    subprocess.run([VIZTRACER, "export", *map(str, arguments)], check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def load(path):
    return test_export.load(path.read_text(encoding="utf-8"))


def frozen(value):
    if isinstance(value, dict):
        return tuple(sorted((key, frozen(item))
                            for key, item in value.items()))
    if isinstance(value, list):
        return tuple(map(frozen, value))
    return value


def events_of(document):
    """All that a document says of what happened, to the nanosecond. Only of the
    calls that a fork inherited, which begin at one moment, each time is a
    nanosecond later than that of the one around it when they are read."""
    events = collections.Counter()
    starts = {}
    for event in document["traceEvents"]:
        event = dict(event)
        where = event["pid"], event["tid"]
        if event["ph"] == "X":
            first, depth = starts.setdefault(where, (event["ts"], 0))
            starts[where] = first, depth + 1
            if depth > 0 and event["ts"] - first < 0.0005 + 0.001 * depth:
                del event["ts"], event["dur"]
        for key in ("ts", "dur"):
            if key in event:
                event[key] = test_export.nanoseconds(event[key])
        events[frozen(event)] += 1
    return events


class Calls:
    """The calls of a document, as an Oracle has them."""

    def __init__(self, document):
        self.calls = {}
        self.ends = collections.Counter()
        stacks = {}
        for event in document["traceEvents"]:
            if event["ph"] != "X":
                continue
            where = event["pid"], event["tid"]
            start = test_export.nanoseconds(event["ts"])
            end = start + test_export.nanoseconds(event["dur"])
            stack = stacks.setdefault(where, [])
            while stack and stack[-1] <= start:
                stack.pop()
            self.calls.setdefault(where, []).append(
                (start, end, False, len(stack), event["name"]))
            stack.append(end)
        for where, calls in self.calls.items():
            inherited = [call for call in calls if call[0] == calls[0][0]]
            if inherited[-1][4] == "posix.fork":
                calls[:len(inherited)] = [
                    (start, end, None, depth, name)
                    for start, end, _, depth, name in inherited]

    def cut(self, start, end):
        """What is left of them in a stretch of time."""
        part = Calls({"traceEvents": []})
        for where, calls in self.calls.items():
            left = [(max(begin, start), min(stop, end),
                     None if begin < start else unfinished, depth, name)
                    for begin, stop, unfinished, depth, name in calls
                    if begin < end and stop > start]
            if left:
                part.calls[where] = left
        return part

    def times(self):
        return collections.Counter(
            (where, begin, stop, depth, name)
            for where, calls in self.calls.items()
            for begin, stop, _, depth, name in calls)


class RoundTrip(test_consumers.Consumers):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="viztracer-round-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.recorded = cls.folder / "recorded.vzt"
        program = cls.folder / "program.py"
        program.write_text(PROGRAM, encoding="utf-8")
        subprocess.run(
            [VIZTRACER, "--quiet", "--log_print", "-o", str(cls.recorded),
             str(program)], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
                     VIZTRACER_DIR=str(cls.folder / "kept"),
                     PYTHONIOENCODING="utf-8"))
        cls.random = cls.folder / "trace.vzt"
        cls.oracle = test_export.Oracle(
            test_export.run("make_trace", cls.folder, 21, 4000))

    def path(self, name):
        return self.folder / name


    def test_json_and_back_is_the_same(self):
        export(self.recorded, "-o", self.path("first.json"))
        first = load(self.path("first.json"))
        self.assertGreater(len(first["traceEvents"]), 1000)
        self.assertEqual({event["ph"] for event in first["traceEvents"]},
                         set("XMiCNOD"))
        for way in (["back.vzt"], ["back.vzt.gz"], ["back.json.gz"],
                    ["back.vzt", "again.json", "more.vzt"]):
            source = self.path("first.json")
            for name in way:
                export(source, "-o", self.path(name))
                source = self.path(name)
            export(source, "-o", self.path("last.json"))
            last = load(self.path("last.json"))
            self.assertEqual(events_of(last), events_of(first), way)
            self.assertEqual(last["file_info"]["files"],
                             first["file_info"]["files"])

    def check_each_form(self, trace, calls, *options):
        sums = test_consumers.Sums(calls)
        for suffix, check in test_consumers.CHECKS.items():
            path = self.path("form." + suffix)
            export(trace, "-o", path, *options)
            check(self, path, sums)

    def traces(self):
        """Each trace with its calls, as JSON or its maker have them."""
        export(self.recorded, "-o", self.path("whole.json"))
        yield self.recorded, Calls(load(self.path("whole.json")))
        whole = Calls({"traceEvents": []})
        for where, calls in self.oracle.calls.items():
            whole.calls[where] = [
                (start, self.oracle.ends[where[0]] if unfinished else end,
                 False, depth, name)
                for start, end, unfinished, depth, name in calls]
        yield self.random, whole

    def test_each_form_has_the_sums(self):
        for trace, whole in self.traces():
            self.check_each_form(trace, whole)

    def test_each_form_has_the_sums_of_a_scope(self):
        draw = random.Random(5)
        for trace, whole in self.traces():
            origin = self.start_of(trace, whole)
            first = min(start for calls in whole.calls.values()
                        for start, *_ in calls)
            last = max(stop for calls in whole.calls.values()
                       for _, stop, *_ in calls)
            for _ in range(2):
                start, end = sorted(draw.sample(range(first, last), 2))
                scope = "--range=%dns..%dns" % (start - origin, end - origin)
                wanted = whole.cut(start, end)
                export(trace, "-o", self.path("cut.vzt"), scope)
                for source, options in ((self.path("cut.vzt"), ()),
                                        (trace, (scope,))):
                    self.check_each_form(source, wanted, *options)
                    export(source, "-o", self.path("cut.json"), *options)
                    self.assertEqual(
                        Calls(load(self.path("cut.json"))).times(),
                        wanted.times())

    def start_of(self, trace, whole):
        """Where the times of a scope count from: a report counts from there,
        too, and has the earliest call among all."""
        report = json.loads(subprocess.run(
            [VIZTRACER, "report", "--json", "--limit=10000", str(trace)],
            check=True, stdout=subprocess.PIPE).stdout.decode())
        self.assertGreaterEqual(len(report["calls"]),
                                report["facts"]["calls"])
        return min(start for calls in whole.calls.values()
                   for start, *_ in calls) - min(
                       call["start_ns"] for call in report["calls"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
