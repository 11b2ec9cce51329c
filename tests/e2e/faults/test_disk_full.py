# SPDX-License-Identifier: Apache-2.0
"""Recording onto a disk that fills up: the program goes on, the trace says so.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer python3 test_disk_full.py

The disk is a small tmpfs in a mount namespace of the test's own; where the
kernel does not allow that, the test is skipped and says so.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))
import vzt_reader  # noqa: E402

PROGRAM = os.path.join(HERE, "busy.py")
STOP_DISK_FULL = 1
STOP_EXIT_CALL = 7  # how a forked child leaves
ENOSPC = 28


class DiskFullTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-disk-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.disk = os.path.join(self.folder, "disk")
        os.mkdir(self.disk)
        self.environment = dict(
            os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
            VIZTRACER_DIR=os.path.join(self.disk, "recordings"),
            TMPDIR=self.disk, XDG_STATE_HOME=self.disk, HOME=self.disk,
            PYTHONDONTWRITEBYTECODE="1")

    def mount(self, size):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size,
                        "viztracer-test", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)

    def run_command(self, *command):
        return subprocess.run(command, env=self.environment, text=True,
                              cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=120)

    def assert_unchanged(self, traced):
        untraced = self.run_command(os.environ["PYTHON"], PROGRAM)
        self.assertEqual(sorted(untraced.stdout.splitlines()),
                         sorted(traced.stdout.splitlines()))
        self.assertEqual(untraced.returncode, traced.returncode)
        self.assertIn(untraced.stderr, traced.stderr)

    def record(self, disk_size, *options):
        """Record the program; its trace, and how many calls are there."""
        self.mount(disk_size)
        traced = self.run_command(os.environ["VIZTRACER"], *options, PROGRAM)
        self.assert_unchanged(traced)
        recording, = [entry.path for entry in os.scandir(
            self.environment["VIZTRACER_DIR"])]
        trace = vzt_reader.read(recording)
        for process in trace.processes:
            for stream in process.streams.values():
                self.assertEqual(process.check_nesting(stream.id)[0], 0)
        calls = 0
        for process in trace.processes:
            for stream in process.streams.values():
                calls += sum(process.entry_counts(stream.id).values())
                # Entered before the first block: in a parent, or given up.
                if stream.blocks:
                    calls += len(stream.blocks[0].open_calls)
        self.assertGreater(calls, 10000)
        return recording, trace, calls

    def show(self, recording):
        shown = self.run_command(os.environ["VIZTRACER"], "view", recording,
                                 "--headless", "120x24", "--dump", "text")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return shown.stdout

    def assert_exports(self, recording, calls):
        path = os.path.join(self.folder, "out.json")
        exported = self.run_command(os.environ["VIZTRACER"], "export",
                                    recording, "-o", path)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        with open(path) as file:
            events = json.load(file)["traceEvents"]
        self.assertEqual(
            len([event for event in events if event["ph"] in "XB"]), calls)

    def test_the_program_goes_on_and_the_trace_says_so(self):
        recording, trace, calls = self.record("1m", "--limit", "1G")
        stopped = [process for process in trace.processes
                   if process.status.state == vzt_reader.STATE_STOPPED]

        self.assertTrue(stopped)
        for process in stopped:
            self.assertEqual(process.status.stop_reason, STOP_DISK_FULL)
            self.assertEqual(process.status.stop_errno, ENOSPC)
            self.assertGreater(process.status.lost_events, 0)
        self.assertRegex(self.show(recording), r"(?i)disk.*full|full.*disk")
        self.assert_exports(recording, calls)

    def test_by_default_only_half_of_what_is_free_is_taken(self):
        recording, trace, calls = self.record("4m")
        dropped = sum(process.status.dropped_calls
                      for process in trace.processes)

        self.assertLessEqual({process.status.stop_reason
                              for process in trace.processes},
                             {0, STOP_EXIT_CALL})
        self.assertGreater(dropped, 0)
        self.assertRegex(self.show(recording), r"(?i)dropped|lost|gave up")
        self.assert_exports(recording, calls)

    def test_a_disk_that_cannot_be_written_is_not_used(self):
        self.mount("1m")
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        kept = os.path.join(self.folder, "kept")
        self.environment["VIZTRACER_DIR"] = kept
        traced = self.run_command(
            os.environ["VIZTRACER"], "-o", os.path.join(self.disk, "x.vzt"),
            PROGRAM)

        self.assert_unchanged(traced)
        self.assertRegex(traced.stderr, r"(?i)read-only")
        self.assertIn("the recording is kept in " + kept, traced.stderr)
        recording, = [entry.path for entry in os.scandir(kept)]
        trace = vzt_reader.read(recording)
        self.assertEqual(
            sorted((process.status.state, process.status.lost_events)
                   for process in trace.processes),
            [(vzt_reader.STATE_ENDED, 0)] * 2)
        for process in trace.processes:
            is_child = process.header.parent_section_id != 0
            leaves = sum(calls for stream in process.streams for number, calls
                         in process.entry_counts(stream).items()
                         if process.functions[number].name == "leaf")
            self.assertEqual(leaves, 30000 if is_child else 200000)

    def test_a_disk_without_room_leaves_the_program_alone(self):
        self.mount("64k")
        with open(os.path.join(self.disk, "filler"), "wb", buffering=0) as file:
            with self.assertRaises(OSError):
                while True:
                    file.write(bytes(4096))

        traced = self.run_command(os.environ["VIZTRACER"], PROGRAM)

        # The launcher may refuse before it starts anything; it must say why.
        if traced.stdout:
            self.assert_unchanged(traced)
        else:
            self.assertNotEqual(traced.returncode, 0)
            self.assertRegex(traced.stderr, r"(?i)space|disk")


def enter_namespace():
    """Become the same test in a mount namespace, as root there."""
    options = "-m" if os.geteuid() == 0 else "-rm"
    probe = subprocess.run(
        ["unshare", options, "mount", "-t", "tmpfs", "probe", "/mnt"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if probe.returncode != 0:
        print("SKIPPED: no mount namespace of our own: " + probe.stderr)
        sys.exit(77)
    os.environ["IN_NAMESPACE"] = "1"
    os.execvp("unshare", ["unshare", options, sys.executable]
              + [os.path.abspath(sys.argv[0])] + sys.argv[1:])


def main():
    for name in ("PYTHON", "VIZTRACER"):
        if not os.environ.get(name):
            sys.exit("test_disk_full.py: set %s" % name)
    if not os.environ.get("IN_NAMESPACE"):
        enter_namespace()
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
