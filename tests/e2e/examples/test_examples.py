#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples: recorded, they print what they print anyway, and the calls of
each of their functions are as many as cProfile counts (of the programs that
stay in one thread), or as the program's own constants say."""
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "cli"))
import launcher  # noqa: E402

EXAMPLES = os.path.join(launcher.ROOT, "examples")

COUNT_WITH_CPROFILE = """
import cProfile, json, pstats, runpy, sys
profile = cProfile.Profile()
profile.enable()
runpy.run_path(sys.argv[1], run_name="__main__")
profile.disable()
json.dump([[file, line, name, counts[1]] for (file, line, name), counts
           in pstats.Stats(profile).stats.items() if file == sys.argv[1]],
          sys.stderr)
"""


class ExamplesTest(launcher.LauncherTest):
    def run_python(self, *arguments):
        return subprocess.run(
            [launcher.PYTHON, *arguments], env=self.environment,
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            check=True, universal_newlines=True)

    def record(self, name):
        """Record an example; the events of its report."""
        path = os.path.join(EXAMPLES, name + ".py")
        report = os.path.join(self.folder, name + ".json")
        plain = self.run_python(path)
        folder = subprocess.run(
            [launcher.VIZTRACER, "--python_path"], stdout=subprocess.PIPE,
            check=True, universal_newlines=True).stdout.strip()
        recorded = subprocess.run(
            [launcher.VIZTRACER, "--quiet", "-o", report, path],
            env=dict(self.environment, PYTHONPATH=folder), cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True,
            universal_newlines=True)
        self.assertEqual(recorded.stdout, plain.stdout)
        self.assertEqual(recorded.stderr, plain.stderr)
        with open(report) as file:
            return json.load(file)["traceEvents"]

    def calls(self, events, name):
        """How often functions of the example's file were called, by name and
        line."""
        path = os.path.join(EXAMPLES, name + ".py")
        pattern = re.compile(r"(.*) \(%s:(\d+)\)$" % re.escape(path))
        calls = {}
        for event in events:
            match = pattern.match(event["name"]) if event["ph"] == "X" else None
            if match is not None:
                key = match.group(1).rpartition(".")[2], int(match.group(2))
                calls[key] = calls.get(key, 0) + 1
        return calls

    def by_name(self, calls):
        return {name: count for (name, _line), count in calls.items()}

    def expect_cprofile(self, name):
        path = os.path.join(EXAMPLES, name + ".py")
        counted = json.loads(self.run_python(
            "-c", COUNT_WITH_CPROFILE, path).stderr)
        wanted = {(function, line): count
                  for _file, line, function, count in counted
                  if function != "<module>"}
        calls = self.calls(self.record(name), name)
        calls = {key: count for key, count in calls.items()
                 if key[0] != "<module>"}
        self.assertEqual(calls, wanted)

    def test_sorting(self):
        self.expect_cprofile("sorting")

    def test_monte_carlo_tree_search(self):
        self.expect_cprofile("monte_carlo_tree_search")

    def test_modular_arithmetic(self):
        self.expect_cprofile("modular_arithmetic")

    def test_multithreading(self):
        events = self.record("multithreading")
        calls = self.by_name(self.calls(events, "multithreading"))
        self.assertEqual(calls["read_page"], 40)
        self.assertEqual(calls["count_words"], 40)
        self.assertEqual(calls["digest"], 41)
        self.assertEqual((calls["reader"], calls["worker"], calls["writer"]),
                         (2, 3, 1))
        names = {event["args"]["name"] for event in events
                 if event["ph"] == "M" and event["name"] == "thread_name"}
        self.assertLessEqual({"reader-0", "reader-1", "worker-0", "worker-1",
                              "worker-2", "writer"}, names)

    def test_service(self):
        events = self.record("service")
        calls = self.by_name(self.calls(events, "service"))
        self.assertEqual(calls["look_up"], 24)
        self.assertEqual(calls["render"], 24)
        self.assertEqual(calls["count_open"], 48)
        points = [event["args"] for event in events if event["ph"] == "C"]
        self.assertEqual(len(points), 48)
        self.assertEqual(points[-1], {"open": 0, "answered": 24})
        renderers = {event["pid"] for event in events
                     if event["name"].startswith("render ")}
        served = {event["pid"] for event in events
                  if event["name"].startswith("look_up ")}
        self.assertEqual(len(served), 1)
        self.assertFalse(renderers & served, "rendered in other processes")


if __name__ == "__main__":
    unittest.main()
