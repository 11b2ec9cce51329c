#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Flow events of a Chrome trace are the same arrows everywhere: in the viewer's
keys, in a written JSON, in Perfetto's protocol buffers and in a .vzt file. What
they are is found here from the JSON alone.

    python3 test_flows.py VIZTRACER
"""
import collections
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest

VIZTRACER = os.path.abspath(sys.argv.pop(1))
Call = collections.namedtuple("Call", "name thread start end depth")
THREADS = [(1, 10), (1, 11), (2, 20)]


def call_at(calls, thread, time):
    """The innermost call around a time."""
    around = [call for call in calls if call.thread == thread
              and call.start <= time <= call.end]
    return max(around, key=lambda call: call.depth) if around else None


def next_call(calls, thread, time):
    later = [call for call in calls
             if call.thread == thread and call.start >= time]
    return min(later, key=lambda call: call.start) if later else None


class Made:
    """A random trace: calls nest, all times differ by 10 ns at least."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.calls = []
        self.flows = []
        for number, thread in enumerate(THREADS):
            # No two events are of one time, on whatever threads.
            self.now = self.random.randrange(10, 500) * 10 + number
            for _ in range(6):
                self.call(thread, 0)
                self.pass_time()
        self.events = [
            {"ph": "X", "pid": call.thread[0], "tid": call.thread[1],
             "ts": call.start / 1000, "dur": (call.end - call.start) / 1000,
             "name": call.name, "cat": "x"} for call in self.calls]
        for flow in self.flows:
            event = {"ph": flow["ph"], "pid": flow["thread"][0],
                     "tid": flow["thread"][1], "ts": flow["time"] / 1000,
                     "cat": "c", "id": flow["id"], "name": flow["name"]}
            if flow["bp"]:
                event["bp"] = "e"
            self.events.append(event)
        self.random.shuffle(self.events)

    def pass_time(self):
        self.now += self.random.randrange(1, 40) * 10

    def call(self, thread, depth):
        start = self.now
        name = f"call_{len(self.calls)}x"
        self.calls.append(None)
        place = len(self.calls) - 1
        for _ in range(self.random.randrange(5)):
            self.pass_time()
            if depth < 4 and self.random.random() < 0.5:
                self.call(thread, depth + 1)
            else:
                self.flows.append(
                    {"ph": self.random.choice("sstf"), "thread": thread,
                     "time": self.now, "id": self.random.randrange(4),
                     "name": self.random.choice(["job", "done"]),
                     "bp": self.random.random() < 0.6})
        self.pass_time()
        self.calls[place] = Call(name, thread, start, self.now, depth)

    def arrows(self):
        """(name, call it leaves, call it reaches)."""
        return [arrow for arrow in self.all_arrows() if None not in arrow]

    def all_arrows(self):
        """With those that reach no call."""
        latest = {}
        found = []
        for flow in sorted(self.flows, key=lambda flow: flow["time"]):
            key = flow["id"], flow["name"]
            here = call_at(self.calls, flow["thread"], flow["time"])
            if flow["ph"] == "f" and not flow["bp"]:
                here = next_call(self.calls, flow["thread"], flow["time"])
            if flow["ph"] in "tf" and key in latest:
                found.append((flow["name"], latest[key],
                              here.name if here else None))
            if flow["ph"] in "st":
                latest[key] = here.name
        return sorted(found, key=str)


def json_arrows(path):
    """The same of a file that has one flow for each arrow."""
    with open(path, encoding="utf-8") as file:
        events = json.load(file)["traceEvents"]
    calls = []
    for event in events:
        if event["ph"] == "X":
            start = round(event["ts"] * 1000)
            calls.append(Call(event["name"], (event["pid"], event["tid"]),
                              start, start + round(event["dur"] * 1000), 0))
    flows = collections.defaultdict(dict)
    for event in events:
        if event["ph"] in "stf":
            assert event["ph"] not in flows[event["id"]], event
            flows[event["id"]][event["ph"]] = event
    found = []
    for flow in flows.values():
        ends = []
        for phase in "sf":
            event = flow[phase]
            time = round(event["ts"] * 1000)
            thread = event["pid"], event["tid"]
            around = [call for call in calls if call.thread == thread
                      and call.start <= time <= call.end]
            found_call = (
                min(around, key=lambda call: call.end - call.start)
                if around else None)
            if phase == "f" and "bp" not in event:
                found_call = next_call(calls, thread, time)
            ends.append(found_call.name if found_call else None)
        assert flow["s"]["ts"] <= flow["f"]["ts"]
        found.append((flow["s"]["name"], *ends))
    return sorted(found, key=str)


def fields(data):
    """(number, value) of a protocol buffer."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        elif key & 7 == 1:
            yield key >> 3, struct.unpack_from("<Q", data, at)[0]
            at += 8
        else:
            size = varint()
            yield key >> 3, data[at:at + size]
            at += size


def perfetto_events(path):
    """(time, type, track, name, flows, flows that end here), by time."""
    names = {}
    events = []
    with open(path, "rb") as file:
        data = file.read()
    for _, packet in fields(data):
        packet = dict(fields(packet))
        for number, value in fields(packet.get(12, b"")):
            if number == 2:
                name = dict(fields(value))
                names[name[1]] = name[2].decode()
        if 11 in packet:
            event = collections.defaultdict(list)
            for number, value in fields(packet[11]):
                event[number].append(value)
            name = (event[23][0].decode() if event[23]
                    else names.get((event[10] or [0])[0]))
            events.append((packet[8], event[9][0], event[11][0], name,
                           event[47], event[48]))
    return sorted(events, key=lambda event: event[0])


def perfetto_arrows(path):
    """A flow leads from an event to the next one in time that has its id."""
    stacks = collections.defaultdict(list)
    flows = {}
    found = []
    for _, kind, track, name, begun, ended in perfetto_events(path):
        stack = stacks[track]
        if kind == 1:
            stack.append(name)
        elif kind == 2:
            stack.pop()
        here = stack[-1] if stack else None
        for number in begun:
            assert number not in flows
            flows[number] = here
        for number in ended:
            found.append((flows.pop(number), here))
    assert not flows, "flows without an end"
    return sorted(found, key=str)


class FlowTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_viztracer(self, *arguments):
        result = subprocess.run(
            [VIZTRACER, *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def make(self, seed):
        made = Made(seed)
        with open(self.path("made.json"), "w", encoding="utf-8") as file:
            json.dump({"traceEvents": made.events}, file)
        self.assertGreater(len(made.arrows()), 10)
        return made

    def export(self, source, output):
        self.run_viztracer("export", self.path(source), "-o",
                           self.path(output))
        return self.path(output)

    def test_json_has_the_same_arrows_and_has_them_again(self):
        for seed in range(3):
            made = self.make(seed)
            first = self.export("made.json", "first.json")
            self.assertEqual(json_arrows(first), made.all_arrows())
            self.export("first.json", "kept.vzt")
            again = self.export("kept.vzt", "again.json")
            self.assertEqual(json_arrows(again), made.all_arrows())

    def test_perfetto_has_the_same_arrows(self):
        for seed in range(3, 6):
            made = self.make(seed)
            found = perfetto_arrows(self.export("made.json", "it.pftrace"))
            expected = [arrow[1:] for arrow in made.arrows()]
            self.assertEqual(found, sorted(expected, key=str))

    def followed(self, call, keys):
        """The name of the call that keys lead to from a call."""
        begin = min(event.start for event in self.made.calls)
        thread = f"^thread {call.thread[1]}$"
        view = json.loads(self.run_viztracer(
            "view", "--headless", "100x40", "--dump", "json", "--track",
            thread, "--at", f"{call.start - begin}ns", "--keys",
            " ".join(["j"] * call.depth + keys), self.path("made.json")))
        slice_ = view["view"]["slice"]
        return slice_["name"] if slice_ else None

    def test_keys_go_along_the_arrows(self):
        self.made = self.make(7)
        forward = collections.defaultdict(list)
        back = collections.defaultdict(list)
        for _, source, target in self.made.all_arrows():
            forward[source].append(target)
            back[target].append(source)
        calls = {call.name: call for call in self.made.calls}
        looked_at = 0
        for name, call in calls.items():
            for key, there in (("]", forward[name]), ("[", back[name])):
                if there and None not in there and (
                        len(there) > 1 or looked_at < 8):
                    looked_at += 1
                    found = [self.followed(call, [key] * (i + 1))
                             for i in range(min(len(there), 3))]
                    if len(there) <= 3:
                        self.assertEqual(sorted(found, key=str),
                                         sorted(there, key=str), name)
                    else:
                        self.assertLessEqual(set(found), set(there), name)
        self.assertGreater(looked_at, 5)


if __name__ == "__main__":
    unittest.main()
