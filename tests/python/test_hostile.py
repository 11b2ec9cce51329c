# SPDX-License-Identifier: Apache-2.0
"""Programs that fight back: neither they nor the recorder notice. The counts
are small in the usual run; HOSTILE=long makes them what they are meant to be.

    PACKAGE=... PYTHON=... VIZTRACER=build/dev/bin/viztracer HOSTILE=
"""
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import unittest

import recorded
from recorded import vzt_reader

HOSTILE = os.path.join(recorded.PROGRAMS, "hostile.py")
VERSION = recorded.version()
IS_LONG = os.environ.get("HOSTILE") == "long"
KIB = 1024
MIB = 1024 * 1024

# What the viewer itself sends: colours and attributes, nothing else.
OWN_ESCAPE = re.compile(rb"\x1b\[[0-9;]*m")
# C0 but for a line feed, DEL, and C1 in UTF-8.
FOREIGN = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def hostile_folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def run_both(self, scenario, usual, long):
        """Run it without and with a recorder; what it says and its status are
        the same. The process it left, the recorder's memory, and by what that
        of the program grew more than without it."""
        count = str(long if IS_LONG else usual)
        plain = recorded.clean_environment()
        plain["HOSTILE_FOLDER"] = self.hostile_folder("plain_files")
        plain = recorded.run([HOSTILE, scenario, count], plain)
        self.assertEqual((plain.status, plain.stderr), (0, ""))
        process, done = self.run_recorded(scenario, count, "")
        self.assertEqual(done.stderr, "")
        expected, _, usual_memory = plain.stdout.partition("memory ")
        said, _, memory = done.stdout.partition("memory ")
        self.assertEqual(said, expected)
        if not memory:
            return process, 0, 0
        most, grown = map(int, memory.split())
        return process, most, grown - int(usual_memory.split()[1])

    def run_recorded(self, scenario, count, path):
        folder = self.hostile_folder("recorded")
        environment = recorded.recording_environment(folder, "", path)
        environment["HOSTILE_FOLDER"] = self.hostile_folder("files")
        done = recorded.run([HOSTILE, scenario, count], environment)
        self.assertEqual(done.status, 0, done.stderr)
        process, = vzt_reader.read(folder).processes
        self.assertEqual((process.status.dropped_calls,
                          process.status.lost_events,
                          process.status.mismatched_returns), (0, 0, 0))
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)
        return process, done

    def viztracer(self, *arguments):
        done = subprocess.run(
            (os.environ["VIZTRACER"],) + arguments, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
            env=dict(recorded.clean_environment(), HOME=self.folder,
                     TERM="xterm-256color"))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check_consumers(self):
        """What is written and shown of the recording is clean."""
        trace = os.path.join(self.folder, "recorded")
        report = os.path.join(self.folder, "report.json")
        self.viztracer("export", "--quiet", "-o", report, trace)
        with open(report, "rb") as file:
            json.loads(file.read().decode("utf-8"))
        for format in ("text", "ansi", "json"):
            self.check_screen(trace, format)
        # Large enough for the names of all functions.
        return self.check_screen(trace, "ansi", "3", "200x400")

    def check_screen(self, trace, format, keys="0", size="200x60"):
        screen = self.viztracer("view", "--headless", size, "--keys", keys,
                                "--dump", format, trace)
        screen.decode("utf-8")
        if format == "json":
            screen = "\n".join(json.loads(screen)["rows"]).encode()
        left = OWN_ESCAPE.sub(b"", screen)
        found = FOREIGN.search(left)
        self.assertIsNone(found, found and left[max(0, found.start() - 40):
                                                found.end() + 40])
        return left

    def test_names(self):
        process, _, _ = self.run_both("names", 1, 1)
        kept = {function.name for function in process.functions.values()}
        self.assertTrue(any(name.startswith("x" * 1000) for name in kept))
        self.assertTrue({"\x1b[2J\x1b]0;owned\x07", "a\0b", '"\\'} <= kept)
        self.assertIn(rb"\x1b[2J\x1b]0;owned\x07",
                      self.check_consumers())

    def test_names_that_change(self):
        process, _, _ = self.run_both("changing", 100, 10000)
        names = recorded.names(process)
        count = 10000 if IS_LONG else 100
        prefix = "changing.<locals>." if VERSION >= (3, 11) else ""
        self.assertEqual(names[prefix + "function"], count)

    def test_many_code_objects(self):
        count = 100000 if IS_LONG else 4000
        process, memory, grown = self.run_both("codes", 4000, 100000)
        names = recorded.names(process)
        wrong = [i for i in range(count) if names["function_%d" % i] != 1]
        self.assertEqual(wrong, [])
        self.assertLess(memory, MIB + 64 * KIB + 64 * 5000)
        self.assertLess(grown, MIB)

    def test_many_functions(self):
        count = 100000 if IS_LONG else 4000
        process, memory, _ = self.run_both("functions", 4000, 100000)
        names = recorded.names(process)
        wrong = [i for i in range(count) if names["function_%d" % i] != 2]
        self.assertEqual(wrong, [])
        self.assertLess(memory, MIB + 64 * KIB + 64 * count)

    def test_many_threads(self):
        count = 100000 if IS_LONG else 500
        process, memory, _ = self.run_both("short_threads", 500, 100000)
        names = recorded.names(process)
        prefix = "short_threads.<locals>." if VERSION >= (3, 11) else ""
        self.assertEqual(names[prefix + "work"], count)
        self.assertEqual(len(process.streams), count + 1)
        self.assertLess(memory, MIB + 2 * 64 * KIB + 64 * 1000)

    def test_signals(self):
        self.run_both("signals", 50, 3000)

    def test_generators_collected_in_other_threads(self):
        process, _, _ = self.run_both("collected_elsewhere", 30, 1000)
        names = recorded.names(process)
        self.assertGreater(names["builtins.len"], 0)

    def test_recursion_limits(self):
        self.run_both("recursion_limits", 5, 100)

    def test_closing_descriptors(self):
        self.run_both("closing", 10, 200)

    def test_threads_at_the_end(self):
        for _ in range(20 if IS_LONG else 2):
            process, _, _ = self.run_both("ending_threads", 4, 8)
            shutil.rmtree(os.path.join(self.folder, "recorded"))

    def test_instants(self):
        self.run_recorded("instants", "20" if IS_LONG else "1",
                          os.path.dirname(recorded.PACKAGE))
        self.check_consumers()

    @unittest.skipUnless(IS_LONG, "long run")
    def test_time_grows_with_the_number_of_calls(self):
        """Four times the work takes not more than four times the time, with a
        generous factor: a square would be sixteen."""
        for scenario, count in (("codes", 2000), ("functions", 2000),
                                ("short_threads", 200)):
            few = self.cpu_seconds(scenario, count)
            many = self.cpu_seconds(scenario, 4 * count)
            self.assertLess(many, 10 * few, scenario)

    def cpu_seconds(self, scenario, count):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = recorded.recording_environment(
            tempfile.mkdtemp(dir=self.folder))
        recorded.run([HOSTILE, scenario, str(count)], environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime
                - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    unittest.main(verbosity=2)
