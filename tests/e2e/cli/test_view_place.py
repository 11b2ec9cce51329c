# SPDX-License-Identifier: Apache-2.0
"""Where `viztracer view` begins: --filter, --range, --at, --track, --view; and
what `--scope` leaves of a report and an export.
"""
import csv
import io
import json
import os
import random
import re
import unittest

from launcher import LauncherTest

CALLS = 60
NAMES = ["read", "Write", "flush_all"]


def make_trace(path):
    """Calls that do not overlap, 10 us apart, on two threads; their list."""
    numbers = random.Random(4)
    calls = []
    events = [{"ph": "M", "name": "thread_name", "pid": 1, "tid": tid,
               "args": {"name": name}}
              for tid, name in ((1, "Main"), (2, "worker 7"))]
    for i in range(CALLS):
        call = {"name": numbers.choice(NAMES),
                "tid": numbers.choice([1, 2]), "ts": 10 * i,
                "dur": numbers.randrange(1, 9), "n": numbers.randrange(4)}
        calls.append(call)
        events.append({"ph": "X", "name": call["name"], "pid": 1,
                       "tid": call["tid"], "ts": call["ts"],
                       "dur": call["dur"], "args": {"n": call["n"]}})
    with open(path, "w") as file:
        json.dump(events, file)
    return calls


class ViewPlace(LauncherTest):
    def setUp(self):
        super().setUp()
        self.trace = os.path.join(self.folder, "trace.json")
        self.calls = make_trace(self.trace)

    def view(self, *options):
        done = self.viztracer("view", "--headless", "160x40", *options,
                              self.trace)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def table(self, *options):
        """{function: calls} of the table of functions."""
        rows = {}
        for line in self.view("--view", "functions", *options).splitlines():
            found = re.search(r"\s(\d+)\s+[\d.]+ [nuµm]s .*\s(%s)$"
                              % "|".join(NAMES), line)
            if found:
                rows[found[2]] = int(found[1])
        return rows

    def report(self, *options):
        """The same of the report."""
        done = self.viztracer("report", "--csv", *options)
        rows = csv.DictReader(io.StringIO(done.stdout.decode()))
        return {row["function"]: int(row["calls"]) for row in rows}

    def count(self, condition):
        rows = {}
        for call in self.calls:
            if condition(call):
                rows[call["name"]] = rows.get(call["name"], 0) + 1
        return rows

    def test_filters_by_each_kind_of_term(self):
        for query, condition in (
                ("", lambda call: True),
                ("flush", lambda call: "flush" in call["name"]),
                ("!Write", lambda call: call["name"] != "Write"),
                ("dur>4us", lambda call: call["dur"] > 4),
                ("dur<=3us read", lambda call: call["dur"] <= 3
                 and call["name"] == "read"),
                ("tid:2", lambda call: call["tid"] == 2),
                ("thread:\"worker 7\"", lambda call: call["tid"] == 2),
                ("arg:n=^3$", lambda call: call["n"] == 3),
                ("ts:100us..200us", lambda call: 100 <= call["ts"] < 200
                 or call["ts"] < 100 < call["ts"] + call["dur"]),
                ("!arg:n=[01] self>=2us", lambda call: call["n"] > 1
                 and call["dur"] >= 2)):
            self.assertEqual(self.table("--filter", query),
                             self.count(condition), query)

    def test_filters_by_keys_as_by_the_option(self):
        by_keys = self.view("--keys", "& r e a d Enter C-l")
        self.assertEqual(by_keys, self.view("--filter", "read"))
        self.assertEqual(self.view("--filter", "read", "--keys", "Esc C-l"),
                         self.view())

    def test_reports_the_calls_of_a_scope(self):
        for scope, condition in (
                ("!Write dur>=3us", lambda call: call["name"] != "Write"
                 and call["dur"] >= 3),
                ("tid:1 arg:n=2", lambda call: call["tid"] == 1
                 and call["n"] == 2)):
            self.assertEqual(self.report("--scope", scope, self.trace),
                             self.count(condition), scope)
        done = self.viztracer("report", "--scope", "tid:x", self.trace)
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"--scope: column 5: 'x'", done.stderr)

    def test_exports_the_calls_of_a_scope(self):
        scope = "dur>2us thread:worker !arg:n=0"
        expected = self.count(lambda call: call["dur"] > 2
                              and call["tid"] == 2 and call["n"] != 0)
        for name in ("part.vzt", "part.json", "part.json.gz"):
            output = os.path.join(self.folder, name)
            done = self.viztracer("export", "--scope", scope, "-o", output,
                                  self.trace)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.report(output), expected, name)

    def test_limits_what_is_counted_to_a_range(self):
        self.assertEqual(self.table("--range", "200us..400us"), self.count(
            lambda call: 200 <= call["ts"] < 400))
        shown = self.view("--range=200us..400us")
        self.assertIn("200us", shown.replace(" ", "").replace("µ", "u"))

    def test_begins_at_a_time_on_a_track(self):
        state = json.loads(self.view("--track", "work", "--at", "50%",
                                     "--dump", "json"))
        text = json.dumps(state)
        self.assertIn("worker 7", text)
        end = max(call["ts"] + call["dur"] for call in self.calls) * 1000
        self.assertIn(str(round(end / 2)), text)

    def test_says_what_is_wrong_and_where(self):
        for option, value, message in (
                ("--filter", "read dur>5x", "--filter: column 10: '5x' is no"),
                ("--range", "5ms..1ms", "--range: column 1: '5ms..1ms' ends"),
                ("--range", "5s..", "--range begins behind the end"),
                ("--at", "soon", "--at: column 1: 'soon' is no time"),
                ("--track", "nobody", "no track has a name that matches"),
                ("--view", "map", "there is no view \"map\"; there are "),
                ("--filter", "x" * 600, "--filter: ")):
            done = self.viztracer("view", "--headless", "80x24", option, value,
                                  self.trace)
            self.assertEqual((done.returncode, done.stdout), (2, b""), option)
            self.assertIn(message, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
