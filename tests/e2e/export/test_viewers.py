#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exported files in the viewers they are made for: speedscope, from npm, in a
headless browser; Perfetto's own definitions of its protocol buffers, from PyPI.

    PROGRAMS=folder MODULES=folder VENV=folder PYTHON=python3.12 \\
        VIZTRACER=build/dev/bin/viztracer python3 test_viewers.py
"""
import collections
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "html"))
sys.argv[1:] = [os.environ["PROGRAMS"]]
import browser  # noqa: E402
import test_consumers  # noqa: E402
import test_export  # noqa: E402
import test_round_trip  # noqa: E402

PERFETTO = "perfetto==0.59.1"
UNITS = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}


def perfetto_python():
    """An interpreter that has Perfetto's definitions."""
    made = os.path.join(os.environ["VENV"], "bin", "python")
    if not os.path.exists(made):
        subprocess.run([sys.executable, "-m", "venv", os.environ["VENV"]],
                       check=True)
    subprocess.run([made, "-m", "pip", "-q", "install", PERFETTO], check=True)
    return made


class SpeedscopeTest(test_export.TraceCase):
    def setUp(self):
        super().setUp()
        self.browser = browser.Browser(os.environ["MODULES"])
        self.addCleanup(self.browser.close)

    def shown_rows(self, path):
        """name: (total, self) of the first profile, as the table says it."""
        self.browser.open(os.path.join(
            os.environ["MODULES"], "node_modules", "speedscope", "dist",
            "release", "index.html"), {})
        self.browser.wait("!!document.querySelector('input[type=file]')")
        self.browser.upload("input[type=file]", str(path))
        self.browser.wait("document.body.innerText.includes('Sandwich')")
        self.browser.key("3")
        self.browser.wait("document.body.innerText.includes('Symbol Name')")
        text = self.browser.call("() => document.body.innerText", None)
        number = r"([\d.]+)(ns|µs|ms|s) \([^)]*\)\s+"
        rows = {}
        for match in re.finditer(number + number + r"(\S.*)", text):
            total, total_unit, own, own_unit, name = match.groups()
            rows[name] = (float(total) * UNITS[total_unit],
                          float(own) * UNITS[own_unit])
        return rows

    def test_the_table_has_our_sums(self):
        oracle = self.make(11, 4000)
        path, _, _ = self.save("report.speedscope.json")
        # The first profile: of the process that started first.
        pid = min(oracle.calls, key=lambda thread: oracle.calls[thread][0])[0]
        first = min(thread for thread in oracle.calls if thread[0] == pid)
        oracle.calls = {first: oracle.calls[first]}
        sums = test_consumers.Sums(oracle)
        totals = collections.Counter()
        owns = collections.Counter()
        for label in sums.calls:  # the table has names only
            name = test_consumers.split_label(label)[0]
            totals[name] += sums.total[label]
            owns[name] += sums.own[label]
        rows = self.shown_rows(path)
        self.assertGreater(len(rows), 10)
        for name, (total, own) in rows.items():
            if [test_consumers.split_label(label)[0]
                    for label in sums.calls].count(name) == 1:
                self.assertAlmostEqual(total / totals[name], 1, delta=0.01)
                self.assertAlmostEqual(own / owns[name], 1, delta=0.01)


READ_PERFETTO = """
import sys
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace
trace = Trace()
with open(sys.argv[1], "rb") as file:
    trace.ParseFromString(file.read())
names, places, threads, counters, stacks = {}, {}, {}, {}, {}
for packet in trace.packet:
    for name in packet.interned_data.event_names:
        names[name.iid] = name.name
    for place in packet.interned_data.source_locations:
        places[place.iid] = "%s (%s:%d)" % (
            place.function_name, place.file_name, place.line_number) if (
            place.file_name) else place.function_name
    if packet.HasField("track_descriptor"):
        track = packet.track_descriptor
        if track.HasField("thread"):
            threads[track.uuid] = (track.thread.pid, track.thread.tid)
        if track.HasField("counter"):
            counters[track.uuid] = track.name
    if not packet.HasField("track_event"):
        continue
    event, time = packet.track_event, packet.timestamp
    if event.type == event.TYPE_SLICE_BEGIN:
        assert places[event.source_location_iid].startswith(
            names[event.name_iid])
        stacks.setdefault(event.track_uuid, []).append(
            (time, places[event.source_location_iid]))
    elif event.type == event.TYPE_SLICE_END:
        start, label = stacks[event.track_uuid].pop()
        print("call", *threads[event.track_uuid], start, time, label)
    elif event.type == event.TYPE_INSTANT:
        print("instant", *threads[event.track_uuid], time, event.name)
    elif event.type == event.TYPE_COUNTER:
        value = event.counter_value if event.HasField("counter_value") else (
            event.double_counter_value)
        print("counter", time, counters[event.track_uuid], value)
for track, open_calls in stacks.items():
    for start, label in open_calls:
        print("open", *threads[track], start, label)
"""


class PerfettoTest(test_export.TraceCase):
    def test_the_definitions_read_every_event(self):
        oracle = self.make(12, 20000)
        path, _, _ = self.save("report.pftrace")
        text = subprocess.run(
            [perfetto_python(), "-c", READ_PERFETTO, str(path)], check=True,
            stdout=subprocess.PIPE, universal_newlines=True).stdout
        seen = collections.Counter(text.splitlines())
        expected = collections.Counter()
        for (pid, tid), calls in oracle.calls.items():
            for start, end, is_unfinished, _, label in calls:
                expected["open %d %d %d %s" % (pid, tid, start, label)
                         if is_unfinished else "call %d %d %d %d %s"
                         % (pid, tid, start, end, label)] += 1
        for instant in oracle.instants:
            expected["instant %d %d %d %s" % instant] += 1
        for line in list(seen):
            if line.startswith("counter "):
                del seen[line]
                expected["points"] -= 1
        expected["points"] += len(oracle.counters)
        self.assertEqual(seen, +expected)
        self.assertEqual(expected["points"], 0)


class PerfettoOfARecordingTest(test_round_trip.RoundTrip):
    """Of a real program, and cut to a scope, as well."""

    # Those of the base class are its own.
    test_json_and_back_is_the_same = None
    test_each_form_has_the_sums = None
    test_each_form_has_the_sums_of_a_scope = None

    def read(self, trace, *options):
        """{(pid, tid, start, end or None, label): how often}"""
        path = self.path("out.pftrace")
        test_round_trip.export(trace, "-o", path, *options)
        text = subprocess.run(
            [perfetto_python(), "-c", READ_PERFETTO, str(path)], check=True,
            stdout=subprocess.PIPE).stdout.decode()
        seen = collections.Counter()
        for line in text.splitlines():
            if not line.startswith(("call ", "open ")):
                continue
            kind, pid, tid, start, rest = line.split(" ", 4)
            if kind == "call":
                end, label = rest.split(" ", 1)
                seen[int(pid), int(tid), int(start), int(end), label] += 1
            else:
                seen[int(pid), int(tid), int(start), None, rest] += 1
        return seen

    def check(self, seen, whole, end):
        """Calls that go on behind the end are open there."""
        wanted = collections.Counter()
        for (pid, tid), calls in whole.calls.items():
            for begin, stop, _, _, label in calls:
                wanted[pid, tid, begin, None if stop == end else stop,
                       label] += 1
        self.assertEqual(seen, wanted)

    def test_has_every_call(self):
        test_round_trip.export(self.recorded, "-o", self.path("whole.json"))
        whole = test_round_trip.Calls(test_round_trip.load(
            self.path("whole.json")))
        self.check(self.read(self.recorded), whole, None)
        origin = self.start_of(self.recorded, whole)
        times = sorted(begin for calls in whole.calls.values()
                       for begin, *_ in calls)
        start, end = times[len(times) // 4] + 3, times[len(times) // 2] + 3
        self.check(
            self.read(self.recorded, "--range=%dns..%dns"
                      % (start - origin, end - origin)),
            whole.cut(start, end), end)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
