# SPDX-License-Identifier: Apache-2.0
"""What was recorded survives the end of the program, of its launcher and of
its terminal: steps.py counts its own calls, and all of them are there."""
import os
import pty
import resource
import select
import signal
import struct
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
sys.path.insert(1, os.path.join(HERE, "..", "..", "python"))
from launcher import (PYTHON, LauncherTest, VIZTRACER,  # noqa: E402
                      process_state, wait_until)
import vzt_reader  # noqa: E402

STEPS = os.path.join(HERE, "steps.py")
CALLS = 20000
STOP_NO_MEMORY = 3
MEMORY_LIMIT = 64 << 20


def make_memory_cgroup(name):
    """The folder of a control group with little memory, or None."""
    for root, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
                        ("/sys/fs/cgroup", "memory.max"),
                        ("/sys/fs/cgroup/unified", "memory.max")):
        folder = os.path.join(root, name)
        try:
            os.mkdir(folder)
        except OSError:
            continue
        try:
            with open(os.path.join(folder, limit), "w") as file:
                file.write(str(MEMORY_LIMIT))
            return folder
        except OSError:
            os.rmdir(folder)
    return None


class SurvivorsTest(LauncherTest):
    def setUp(self):
        super().setUp()
        self.counter = self.path("counter")
        with open(self.counter, "wb") as file:
            file.truncate(8)

    def counted(self):
        with open(self.counter, "rb") as file:
            return struct.unpack("Q", file.read())[0]

    def steps(self, process):
        """Calls of step() in the trace."""
        calls = 0
        for stream in process.streams:
            self.assertEqual(process.check_nesting(stream)[0], 0)
            for number, count in process.entry_counts(stream).items():
                if process.functions[number].name == "step":
                    calls += count
        return calls

    def check(self, path, calls):
        """The trace has all calls; it, and how the viewer opens it."""
        process, = vzt_reader.read(path).processes
        self.assertEqual(self.counted(), calls)
        self.assertEqual(self.steps(process), calls)
        shown = self.viztracer("view", path, "--headless", "100x30", "--dump",
                               "text")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return process, shown.stdout.decode()

    def test_abort(self):
        done = self.viztracer("-o", "x.vzt", STEPS, self.counter, "abort")
        self.assertEqual(done.returncode, -signal.SIGABRT)
        _, text = self.check(self.path("x.vzt"), CALLS)
        self.assertIn("killed by SIGABRT", text)

    def test_room_that_a_killed_process_had_reserved_is_given_back(self):
        done = self.viztracer("-o", "x.vzt", STEPS, self.counter, "abort",
                              "children")
        self.assertEqual(done.returncode, -signal.SIGABRT)
        self.assertEqual(len(vzt_reader.read(self.path("x.vzt")).processes), 3)
        done = self.viztracer(STEPS, self.counter, "abort", "children")
        folder, = self.recordings()
        for name in os.listdir(folder):
            status = os.stat(os.path.join(folder, name))
            self.assertLess(status.st_blocks * 512, status.st_size + 8192)

    @unittest.skipIf("asan" in os.environ.get("LD_PRELOAD", ""),
                     "the sanitizer cannot live without address space")
    def test_no_address_space(self):
        done = self.viztracer("-o", "x.vzt", STEPS, self.counter, "limit")
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        process, = vzt_reader.read(self.path("x.vzt")).processes
        self.assertEqual(self.counted(), 3 * CALLS)
        if process.status.stop_reason == STOP_NO_MEMORY:
            self.assertGreater(process.status.lost_events, 0)
            self.assertGreaterEqual(self.steps(process), CALLS)
            self.assertIn(b"recording ended early", done.stderr)
        else:
            self.check(self.path("x.vzt"), 3 * CALLS)

    def test_a_limit_on_the_size_of_files(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (600 << 10, 600 << 10))

        done = self.viztracer("-o", "x.vzt", STEPS, self.counter, "more",
                              preexec_fn=limit)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        self.assertIn(b"recording ended early", done.stderr)
        process, = vzt_reader.read(self.path("x.vzt")).processes
        self.assertEqual(self.counted(), 5 * CALLS)
        self.assertGreater(self.steps(process), 0)
        self.assertGreater(process.status.lost_events, 0)
        shown = self.viztracer("view", "x.vzt", "--headless", "160x30",
                               "--keys", ": n o t e s Enter", "--dump", "text")
        self.assertIn(b"the size that the process may write", shown.stdout)

    def test_out_of_memory_in_a_control_group(self):
        group = make_memory_cgroup("viztracer-test-%d" % os.getpid())
        if group is None:
            self.skipTest("no memory control group of our own")

        def remove():
            try:
                os.rmdir(group)
            except OSError:
                return False
            return True

        self.addCleanup(wait_until, remove, "the control group is empty")
        done = self.viztracer("-o", "x.vzt", STEPS, self.counter, "cgroup",
                              group)
        self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr)
        _, text = self.check(self.path("x.vzt"), 2 * CALLS)
        self.assertIn("killed by SIGKILL", text)

    def test_a_killed_launcher(self):
        os.mkfifo(self.path("gate"))
        gate = os.open(self.path("gate"), os.O_RDWR)

        def open_gate():
            os.write(gate, b"\n")

        self.addCleanup(os.close, gate)
        process = self.start("-o", "x.vzt", STEPS, self.counter, "wait",
                             "gate")
        self.addCleanup(open_gate)  # before the program is waited for
        pid = int(process.stdout.readline())
        process.kill()
        process.wait()
        # The reader of these tests wants a file at rest.
        wait_until(lambda: process_state(pid) == "S", "the program waits")
        process, text = self.check(self.path("x.vzt.d"), CALLS)
        self.assertIn("still running", text)
        self.assertEqual(process.header.pid, pid)
        open_gate()
        wait_until(lambda: process_state(pid) in ("", "Z"),
                   "the program has ended")
        process, _ = self.check(self.path("x.vzt.d"), 2 * CALLS)
        self.assertEqual(process.status.state, vzt_reader.STATE_ENDED)
        self.assertFalse(os.path.exists(self.path("x.vzt")))

    def check_terminal(self, command):
        """Close the terminal of the command: how it ended."""
        pid, terminal = pty.fork()
        if pid == 0:
            try:
                os.chdir(self.folder)
                os.execve(command[0], command, self.environment)
            finally:
                os._exit(99)
        seen = b""
        while b"ready\r\n" not in seen:  # all that it writes
            self.assertTrue(select.select([terminal], [], [], 60)[0])
            seen += os.read(terminal, 1000)
        os.close(terminal)
        return os.waitpid(pid, 0)[1]

    def test_a_terminal_that_is_gone(self):
        plain = self.check_terminal([PYTHON, STEPS, self.counter, "pause"])
        self.assertEqual(plain, signal.SIGHUP)
        with open(self.counter, "wb") as file:
            file.truncate(8)
        status = self.check_terminal([VIZTRACER, "-o", "x.vzt", STEPS,
                                      self.counter, "pause"])
        self.assertEqual(status, plain)
        _, text = self.check(self.path("x.vzt"), CALLS)
        self.assertIn("killed by SIGHUP", text)


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
