# SPDX-License-Identifier: Apache-2.0
"""viztracer report and diff: their text is kept in golden files, their JSON has
a shape and sums that are added up here from the events."""
import collections
import csv
import io
import json
import os
import random
import unittest

from launcher import HERE, LauncherTest

GOLDEN = os.path.join(HERE, "golden")
NAMES = ["parse", "load", "Cart.add", "<module>", "write|all", "größe"]
FACTS = {"duration_ns", "call_time_ns", "waiting_ns", "calls", "functions", "processes",
         "threads", "lost_calls", "unfinished_calls"}
COLUMNS = {
    "functions": {"self_ns": int, "self_percent": float, "total_ns": int,
                  "total_percent": float, "calls": int,
                  "mean_ns": (int, type(None)), "max_ns": int, "function": str, "place": (str, type(None))},
    "calls": {"self_ns": int, "duration_ns": int, "start_ns": int,
              "thread": str, "function": str, "place": (str, type(None))},
    "threads": {"busy_ns": int, "busy_percent": float, "calls": int,
                "lost_calls": int, "depth": int, "thread": str,
                "process": str, "pid": (str, type(None)), "end": str},
}
DIFF_COLUMNS = {"self_change_ns": int, "self_change_percent":
                (float, type(None)), "self_a_ns": int, "self_b_ns": int,
                "total_change_ns": int, "total_a_ns": int, "total_b_ns": int,
                "calls_change": int, "calls_a": int, "calls_b": int,
                "change": str, "function": str, "place": (str, type(None))}


class Trace:
    """Random calls on some threads, and what their sums are."""

    def __init__(self, seed, threads=3):
        self.random = random.Random(seed)
        self.events = []
        self.own = collections.Counter()
        self.total = collections.Counter()
        self.calls = collections.Counter()
        self.greatest = collections.Counter()
        self.busy = {}
        for thread in range(threads):
            start = self.random.randrange(1000)
            end = start + 100000 * (thread + 1)
            self.busy[thread] = self.fill(thread, start, end, [])

    def fill(self, thread, start, end, stack):
        """Put calls between two times; what they take."""
        taken = 0
        while end - start > 2000 and len(stack) < 6:
            begin = start + self.random.randrange(1, 1000)
            stop = begin + self.random.randrange(1, end - begin)
            name = self.random.choice(NAMES)
            self.events.append({
                "ph": "X", "pid": 7, "tid": thread, "ts": begin / 1000,
                "dur": (stop - begin) / 1000, "cat": "FEE",
                "name": "%s (/src/app.py:%d)" % (name, NAMES.index(name) + 1)})
            self.calls[name] += 1
            self.greatest[name] = max(self.greatest[name], stop - begin)
            if name not in stack:
                self.total[name] += stop - begin
            inner = self.fill(thread, begin, stop, stack + [name])
            self.own[name] += stop - begin - inner
            taken += stop - begin
            start = stop + 1
        return taken

    def write(self, test, name):
        names = [{"ph": "M", "pid": 7, "tid": thread, "name": "thread_name",
                  "args": {"name": "thread %d" % thread}}
                 for thread in self.busy]
        return test.write(name, json.dumps({
            "traceEvents": names + self.events}))


class Report(LauncherTest):
    def check(self, name, done):
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        path = os.path.join(GOLDEN, name)
        if os.environ.get("VIZTRACER_BLESS"):
            with open(path, "wb") as file:
                file.write(done.stdout)
        with open(path, "rb") as file:
            self.assertEqual(file.read().decode(), done.stdout.decode())

    def check_shape(self, rows, columns):
        for row in rows:
            self.assertEqual(list(row), list(columns))
            for key, kind in columns.items():
                value = row[key]
                if kind is float and isinstance(value, int):
                    value = float(value)  # JSON knows no difference
                self.assertIsInstance(value, kind, key)

    def test_text(self):
        path = Trace(1).write(self, "a.json")
        other = Trace(2).write(self, "b.json")
        self.check("report.txt", self.viztracer("report", path, "--limit=4"))
        self.check("report_ascii.txt", self.viztracer(
            "report", path, "--limit=2", "--sort=calls", "--ascii",
            "--scope=!load", "--range=0..50us"))
        self.check("report.md", self.viztracer("report", path, "--md",
                                               "--limit=3", "--sort=total"))
        self.check("report.csv", self.viztracer("report", path, "--csv"))
        self.check("diff.txt", self.viztracer("diff", path, other,
                                              "--limit=3"))
        self.check("diff.md", self.viztracer("diff", path, other, "--md",
                                             "--limit=2"))
        self.check("diff_same.txt", self.viztracer("diff", path, path))
        self.check("report_none.txt", self.viztracer(
            "report", path, "--filter=there_is_none"))

    def test_json_has_the_sums_of_the_events(self):
        for seed in range(5):
            trace = Trace(seed, threads=1 + seed)
            path = trace.write(self, "a.json")
            done = self.viztracer("report", path, "--json", "--limit=10000")
            report = json.loads(done.stdout.decode())
            self.assertEqual(set(report), {"headline", "facts"}
                             | set(COLUMNS))
            self.assertEqual(set(report["facts"]), FACTS)
            for name, columns in COLUMNS.items():
                self.check_shape(report[name], columns)
            rows = {row["function"]: row for row in report["functions"]}
            self.assertEqual(len(rows), len(report["functions"]))
            whole = sum(trace.busy.values())
            self.assertEqual(report["facts"]["call_time_ns"], whole)
            for name, row in rows.items():
                self.assertEqual(
                    (row["self_ns"], row["total_ns"], row["calls"],
                     row["max_ns"]),
                    (trace.own[name], trace.total[name], trace.calls[name],
                     trace.greatest[name]))
                self.assertAlmostEqual(row["self_percent"],
                                       100 * trace.own[name] / whole,
                                       delta=0.051)
            self.assertEqual(rows.keys(), trace.calls.keys())
            self.assertEqual(
                {row["thread"]: row["busy_ns"] for row in report["threads"]},
                {"thread %d" % thread: busy
                 for thread, busy in trace.busy.items()})
            self.assertEqual(len(report["calls"]), len(trace.events))
            for table, key in (("functions", "self_ns"),
                               ("calls", "self_ns"), ("threads", "busy_ns")):
                values = [row[key] for row in report[table]]
                self.assertEqual(values, sorted(values, reverse=True))
            self.assertTrue(report["headline"].startswith(
                report["functions"][0]["function"]))

    def test_of_what_goes_on_in_a_scope_nothing_is_forgotten(self):
        """No call begins or ends there, and all of the time is in calls."""
        path = self.write("a.json", json.dumps({"traceEvents": [
            {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 100.0,
             "name": "outer"},
            {"ph": "X", "pid": 1, "tid": 1, "ts": 10.0, "dur": 80.0,
             "name": "inner"}]}))
        done = self.viztracer("report", path, "--json", "--range=20us..40us",
                              "--fail-if", "self(inner) > 99%")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), "viztracer: error: --fail_if "
                         "self(inner) > 99%: it is 100.00%\n")
        report = json.loads(done.stdout.decode())
        self.assertEqual(report["headline"], (
            "inner took 100% of the time itself: 20.0 µs of 20.0 µs in calls, "
            "in what began before."))
        self.check_shape(report["functions"], COLUMNS["functions"])
        self.assertEqual([(row["function"], row["self_ns"], row["total_ns"],
                           row["calls"], row["mean_ns"], row["max_ns"])
                          for row in report["functions"]],
                         [("inner", 20000, 20000, 0, None, 20000),
                          ("outer", 0, 20000, 0, None, 20000)])
        done = self.viztracer("export", path, "-o", "-", "--format=csv",
                              "--range=20us..40us")
        rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
        self.assertEqual([(row["name"], row["self_ns"], row["total_ns"],
                           row["calls"]) for row in rows],
                         [("inner", "20000", "20000", "0"),
                          ("outer", "0", "20000", "0")])

    def test_what_waits_is_told_from_what_works(self):
        self.write("app.py", "import time\n\n"
                   "def work(end):\n"
                   "    while time.perf_counter() < end:\n        pass\n\n"
                   "work(time.perf_counter() + 0.01)\ntime.sleep(0.03)\n")
        self.viztracer("--ignore_c_function", "-o", "without.vzt", "app.py")
        self.viztracer("-o", "app.vzt", "app.py")
        report = json.loads(self.viztracer(
            "report", "--json", "app.vzt").stdout.decode())
        self.assertRegex(report["headline"], (
            r"^time\.sleep took .*, in 1 call; of what does not wait, "
            r".+ took most, [\d.]+ ms\.$"))
        slept, = [row["self_ns"] for row in report["functions"]
                  if row["function"] == "time.sleep"]
        self.assertEqual(report["facts"]["waiting_ns"], slept)
        report = json.loads(self.viztracer(
            "report", "--json", "without.vzt").stdout.decode())
        self.assertEqual(report["facts"]["waiting_ns"], 0)
        self.assertNotIn("wait", report["headline"])

    def test_what_is_no_thread_is_told_apart(self):
        path = self.write("a.json", json.dumps({"traceEvents": [
            {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 100.0,
             "name": "main"},
            {"ph": "b", "pid": 1, "tid": 1, "ts": 10, "id": 1, "cat": "net",
             "name": "request"},
            {"ph": "e", "pid": 1, "tid": 1, "ts": 60, "id": 1, "cat": "net",
             "name": "request"}]}))
        done = self.viztracer("report", path)
        text = done.stdout.decode()
        self.assertRegex(text, r"\nthreads +1\nother tracks +1\n")
        self.assertRegex(text, r"\ntime in calls, all tracks +150 µs\n")
        self.assertIn("\nThreads and other tracks, by", text)

    def test_counts_as_the_viewer_and_makes_no_number_up(self):
        calls = [(1, 1, 0, 100), (1, 1, 50, 100), ("Spans", "all", 0, 200)]
        path = self.write("a.json", json.dumps([
            {"ph": "X", "pid": process, "tid": thread, "ts": start,
             "dur": length, "name": "f"}
            for process, thread, start, length in calls]))
        report = json.loads(self.viztracer("report", "--json", path).stdout)
        self.assertEqual(report["facts"]["threads"], 2)
        self.assertEqual(report["facts"]["other_tracks"], 1)  # a lane
        self.assertEqual({row["process"]: row["pid"]
                          for row in report["threads"]},
                         {"Spans": None, "pid 1": "1"})
        size = "--headless=100x40"
        info = self.viztracer("view", size, "--view=info", path).stdout.decode()
        self.assertIn("2 processes, 2 threads, 1 other row,", info)
        self.assertEqual(info.count("      -  Spans "), 1, info)
        self.assertNotRegex(info, "[0-9]{9}")
        rows = self.viztracer("view", size, path).stdout.decode()
        self.assertIn(" pid 1  1 thread  1 other row  2 calls ", rows)
        self.assertIn(" Spans  1 thread  1 call ", rows)

    def test_is_bounded_and_the_same_each_time(self):
        path = Trace(3, threads=20).write(self, "a.json")
        for limit in (1, 2, 15):
            first = self.viztracer("report", path, "--limit=%d" % limit)
            self.assertLess(len(first.stdout.decode().splitlines()),
                            3 * (limit + 4) + 14)
            again = self.viztracer("report", path, "--limit=%d" % limit)
            self.assertEqual(first.stdout, again.stdout)

    def test_json_does_not_depend_on_the_locale(self):
        path = Trace(4).write(self, "a.json")
        here = self.viztracer("report", path, "--json")
        there = self.viztracer("report", path, "--json", env=dict(
            self.environment, LC_ALL="C"))
        self.assertEqual(here.stdout, there.stdout)

    def test_diff_adds_up(self):
        traces = [Trace(5), Trace(6)]
        paths = [trace.write(self, "%d.json" % i)
                 for i, trace in enumerate(traces)]
        done = self.viztracer("diff", *paths, "--json")
        rows = json.loads(done.stdout.decode())["functions"]
        self.check_shape(rows, DIFF_COLUMNS)
        self.assertEqual({row["function"] for row in rows}, set(NAMES))
        for row in rows:
            name = row["function"]
            before, after = traces[0], traces[1]
            self.assertEqual(
                (row["self_a_ns"], row["self_b_ns"], row["total_a_ns"],
                 row["total_b_ns"], row["calls_a"], row["calls_b"]),
                (before.own[name], after.own[name], before.total[name],
                 after.total[name], before.calls[name], after.calls[name]))
            for key in ("self", "total"):
                self.assertEqual(row[key + "_change_ns"],
                                 row[key + "_b_ns"] - row[key + "_a_ns"])
        changes = [abs(row["self_change_ns"]) for row in rows]
        self.assertEqual(changes, sorted(changes, reverse=True))
        table = list(csv.DictReader(io.StringIO(self.viztracer(
            "diff", *paths, "--csv").stdout.decode())))
        self.assertEqual([row["self_change_ns"] for row in table],
                         [str(row["self_change_ns"]) for row in rows])


class FailIf(LauncherTest):
    def setUp(self):
        super().setUp()
        self.trace = Trace(7)
        self.file = self.trace.write(self, "a.json")
        self.share = 100 * self.trace.own["parse"] / sum(
            self.trace.busy.values())

    def judge(self, *conditions, spelling="--fail_if", command=("report",)):
        words = [word for condition in conditions
                 for word in (spelling, condition)]
        done = self.viztracer(*command, self.file, "--csv", *words)
        return done.returncode, done.stderr.decode()

    def test_ends_with_1_and_says_what_was_measured(self):
        for spelling in ("--fail_if", "--fail-if"):
            self.assertEqual(self.judge("self(^parse$) > %.1f%%"
                                        % (self.share + 0.1),
                                        spelling=spelling), (0, ""))
            condition = "self(^parse$) > %.1f%%" % (self.share - 0.1)
            self.assertEqual(
                self.judge(condition, spelling=spelling),
                (1, "viztracer: error: --fail_if %s: it is %.2f%%\n"
                 % (condition, self.share)))

    def test_each_is_judged(self):
        status, said = self.judge("calls(parse) > 0", "calls(load) < 0",
                                  "max(.) > 1ns")
        self.assertEqual(status, 1)
        self.assertEqual(len(said.splitlines()), 2)

    def test_is_of_the_scope(self):
        done = self.viztracer("report", self.file, "--csv",
                              "--scope=^parse$", "--fail-if",
                              "self(parse) < 100%")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_about_nothing_is_said(self):
        self.assertEqual(
            self.judge("self(prase) > 20%"),
            (0, "viztracer: --fail_if self(prase) > 20%: there is no function "
                "of such a name\n"))

    def test_of_a_change(self):
        other = Trace(8)
        command = ("diff", other.write(self, "before.json"))
        before, after = other.calls["load"], self.trace.calls["load"]
        self.assertEqual(self.judge(
            "calls(load) > +%d" % abs(after - before), command=command)[0], 0)
        status, said = self.judge("calls(load) >= %d" % (after - before)
                                  if after > before else
                                  "calls(load) < 0", command=command)
        self.assertEqual(status, int(after != before))
        self.assertEqual(self.judge("self(.) > 1000%", command=command)[0], 0)

    def test_that_cannot_be_understood_is_said_before_any_work(self):
        for condition in ("self > 3%", "self(a) > 3", "", "self([) > 3%"):
            done = self.viztracer("report", "/no/such/file", "--fail-if",
                                  condition)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"--fail_if: ", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
