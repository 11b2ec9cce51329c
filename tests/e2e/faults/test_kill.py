# SPDX-License-Identifier: Apache-2.0
"""A process that dies in the middle of any call leaves a whole trace.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer python3 test_kill.py

victim.py counts its own calls in memory that outlives it; every call that it
counted must be in the recording, which must open, say how the process ended
and export. ROUNDS and SEED change how often, and which calls.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))
import vzt_reader  # noqa: E402

VICTIM = os.path.join(HERE, "victim.py")
ROUNDS = int(os.environ.get("ROUNDS", "100"))
SEED = int(os.environ.get("SEED", "0"))
THREADS, CALLS = 4, 1500  # as in victim.py
SLOTS = 2 * 2 * THREADS


class Death:
    """One run of the victim, its counters and its recording."""

    def __init__(self, folder, how, parent_call, child_call):
        self.folder = folder
        self.environment = dict(
            os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
            VIZTRACER_DIR=os.path.join(folder, "recordings"),
            PYTHONDONTWRITEBYTECODE="1")
        os.mkdir(self.environment["VIZTRACER_DIR"])
        counters = os.path.join(folder, "counters")
        with open(counters, "wb") as file:
            file.truncate(8 * SLOTS)
        # The child holds our end of the pipe too: this returns when all are
        # dead, not only the launcher.
        done = self.viztracer(VICTIM, counters, how, str(parent_call),
                              str(child_call))
        self.status, self.stderr = done.returncode, done.stderr
        with open(counters, "rb") as file:
            self.counters = memoryview(file.read()).cast("Q").tolist()
        self.recording, = [
            entry.path for entry in os.scandir(
                self.environment["VIZTRACER_DIR"])]

    def viztracer(self, *arguments):
        return subprocess.run(
            [os.environ["VIZTRACER"]] + list(arguments), text=True,
            env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def streams(self, process):
        """[(entries, exits of step)] of a process, most first."""
        step = [function.id for function in process.functions.values()
                if function.name.endswith("step")
                and function.file == VICTIM]
        result = []
        for stream in process.streams.values():
            entries = process.entry_counts(stream.id)
            exits = process.entry_counts(stream.id, vzt_reader.EXITS)
            result.append((sum(entries[number] for number in step),
                           sum(exits[number] for number in step)))
        return result


class KillTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-kill-")
        self.addCleanup(shutil.rmtree, self.folder)

    def die(self, how, parent_call, child_call):
        folder = tempfile.mkdtemp(dir=self.folder)
        return Death(folder, how, parent_call, child_call)

    def check_calls(self, death, trace):
        """Each process has its counted calls. Threads have no names; both
        sides in order of size must dominate each other."""
        by_parent = sorted(trace.processes, key=lambda process:
                           process.header.parent_section_id != 0)
        used = [index for index in range(2)
                if any(death.counters[index * 2 * THREADS:
                                      (index + 1) * 2 * THREADS])]
        self.assertGreaterEqual(len(by_parent), len(used))
        for process in by_parent:
            index = 1 if process.header.parent_section_id else 0
            base = index * 2 * THREADS
            entered = sorted(death.counters[base:base + 2 * THREADS:2])
            left = sorted(death.counters[base + 1:base + 2 * THREADS:2])
            streams = death.streams(process)
            streams += [(0, 0)] * (THREADS - len(streams))
            self.check_slots(sorted(s[0] for s in streams), entered)
            self.check_slots(sorted(s[1] for s in streams), left)
            for stream in process.streams.values():
                self.assertEqual(process.check_nesting(stream.id)[0], 0)

    def check_slots(self, recorded, counted):
        """The program counts after the recorder did: a thread that was cut
        off in between has one more in the trace, never one less."""
        for have, want in zip(recorded, counted):
            self.assertIn(have - want, (0, 1), (recorded, counted))

    def check_views(self, death, total):
        shown = death.viztracer("view", death.recording, "--headless", "80x24",
                                "--dump", "text")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(len(shown.stdout.splitlines()), 24)
        path = os.path.join(death.folder, "out.json")
        exported = death.viztracer("export", death.recording, "-o", path)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        with open(path) as file:
            events = json.load(file)["traceEvents"]
        steps = [event for event in events if event["ph"] in "XB"
                 and event["name"].partition(" (")[0].endswith("step")]
        self.assertEqual(len(steps), total)
        return shown.stdout

    def check(self, death):
        trace = vzt_reader.read(death.recording)
        self.check_calls(death, trace)
        total = sum(entries for process in trace.processes
                    for entries, _ in death.streams(process))
        return trace, self.check_views(death, total)

    def test_no_call_before_a_sigkill_is_lost(self):
        source = random.Random(SEED)
        for i in range(ROUNDS):
            parent = source.randrange(1, THREADS * CALLS)
            child = source.randrange(1, THREADS * CALLS)
            if i % 3 == 1:
                parent = 0
            elif i % 3 == 2:
                child = 0
            with self.subTest(round=i, parent_call=parent, child_call=child):
                death = self.die("kill", parent, child)
                self.check(death)
                self.assertEqual(death.status, -9 if parent else 0,
                                 death.stderr)

    def test_no_call_before_os_exit_is_lost(self):
        death = self.die("exit", 1234, 777)
        trace, _ = self.check(death)
        self.assertEqual(death.status, 7, death.stderr)
        self.assertEqual(len(trace.processes), 2)

    def test_no_call_before_a_segfault_is_lost(self):
        death = self.die("segfault", 1234, 777)
        trace, _ = self.check(death)
        self.assertEqual(death.status, -11, death.stderr)
        self.assertEqual(len(trace.processes), 2)

    def test_the_trace_says_how_the_program_ended(self):
        death = self.die("kill", 100, 0)
        trace, text = self.check(death)
        parent, = [process for process in trace.processes
                   if process.header.parent_section_id == 0]
        self.assertEqual(parent.status.exit_kind, 2)
        self.assertEqual(parent.status.exit_value, 9)
        self.assertRegex(text, r"(?i)kill")


def main():
    for name in ("PYTHON", "VIZTRACER"):
        if not os.environ.get(name):
            sys.exit("test_kill.py: set %s" % name)
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
