# SPDX-License-Identifier: Apache-2.0
"""Exit statuses, signals and job control are those of the program."""
import json
import os
import pty
import resource
import select
import signal
import sys
import termios
import unittest

from launcher import (DEADLINE_S, HERE, PYTHON, LauncherTest, VIZTRACER,
                      process_state, wait_until)

READY = "import os, sys, signal\nprint(os.getpid(), flush=True)\n"


class ExitStatus(LauncherTest):
    def test_is_the_programs(self):
        for status in (0, 1, 3, 126, 127, 255):
            done = self.viztracer("-c", "raise SystemExit(%d)" % status)
            self.assertEqual(done.returncode, status)

    def test_of_an_exception(self):
        done = self.viztracer("-c", "1/0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"ZeroDivisionError", done.stderr)

    def test_of_what_cannot_be_started(self):
        self.write("plain", "#!/bin/sh\n")
        self.write("lost", "#!/no/such/interpreter\n", 0o755)
        self.write("nonsense", "\0\1\2", 0o755)
        for word, status, text in (
                ("absent", 127, b"absent: no such file"),
                ("./absent", 127, b"./absent: no such file"),
                ("./plain", 126, b"./plain is not executable"),
                ("./lost", 127, b"the interpreter in its first line"),
                ("./nonsense", 126, b"cannot run ./nonsense")):
            done = self.viztracer(word)
            self.assertEqual(done.returncode, status, word)
            self.assertIn(text, done.stderr)
            self.assertEqual(self.recordings(), [])

    def test_of_a_killed_program(self):
        for name in ("SIGKILL", "SIGTERM", "SIGSEGV", "SIGABRT", "SIGHUP",
                     "SIGINT"):
            number = getattr(signal, name)
            done = self.viztracer(
                "-c", "import os, signal\n"
                "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
                "os.kill(os.getpid(), %d)" % number)
            self.assertEqual(done.returncode, -number, name)
            self.assertEqual(len(self.recordings()), 1)
            for path in self.recordings():
                for file in os.listdir(path):
                    os.unlink(os.path.join(path, file))
                os.rmdir(path)

    def test_of_a_crash_leaves_no_core_of_ours(self):
        limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
        pid = os.fork()
        if pid == 0:
            try:
                resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
                os.chdir(self.folder)
                os.execve(VIZTRACER, [
                    VIZTRACER, "--quiet", "-c",
                    "import os, resource\n"
                    "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
                    "os.kill(os.getpid(), 11)"], self.environment)
            finally:
                os._exit(99)
        status = os.waitpid(pid, 0)[1]
        self.assertEqual(os.WTERMSIG(status), signal.SIGSEGV)
        self.assertFalse(os.WCOREDUMP(status))


class Forwarded(LauncherTest):
    HANDLE = READY + """
def handle(number, frame):
    os.write(1, b"%d\\n" % number)
    if number == signal.SIGTERM:
        os._exit(7)

for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2,
               signal.SIGCONT):
    signal.signal(number, handle)
os.write(1, b"ready\\n")
while True:
    signal.pause()
"""

    def begin(self, code):
        process = self.start("-c", code)
        pid = int(process.stdout.readline())
        return process, pid

    def test_signals_reach_the_program_once(self):
        process, _pid = self.begin(self.HANDLE)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP,
                       signal.SIGCONT, signal.SIGTERM):
            process.send_signal(number)
            self.assertEqual(process.stdout.readline(), b"%d\n" % number)
        self.assertEqual(process.wait(DEADLINE_S), 7)

    def test_interrupts_are_left_to_the_program(self):
        process, pid = self.begin(READY + "sys.stdin.read()\nsignal.pause()\n")
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGQUIT)
        process.send_signal(signal.SIGTSTP)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(DEADLINE_S), -signal.SIGTERM)
        self.assertEqual(process_state(pid), "")

    def test_a_program_that_ignores_hangups_outlives_them(self):
        process, _pid = self.begin(
            READY.replace("print", "signal.signal(1, signal.SIG_IGN)\nprint")
            + "signal.signal(15, lambda *_: sys.exit(4))\n"
            "print('set', flush=True)\nsignal.pause()\n")
        self.assertEqual(process.stdout.readline(), b"set\n")
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(DEADLINE_S), 4)


class Terminal(LauncherTest):
    """Programs below a real terminal. shell.py is a shell with job control
    that runs one command and says what becomes of it."""

    def open_shell(self, *command):
        arguments = [sys.executable, os.path.join(HERE, "shell.py")]
        pid, terminal = pty.fork()
        if pid == 0:
            try:
                os.chdir(self.folder)
                os.execve(arguments[0], arguments + list(command),
                          self.environment)
            finally:
                os._exit(99)
        self.terminal = terminal
        self.seen = b""
        self.addCleanup(self.close_shell, pid)

    def close_shell(self, pid):
        os.close(self.terminal)
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except OSError:
            pass

    def expect(self, text):
        """Read until text was printed; what came before it."""
        def has_come():
            if text not in self.seen and select.select([self.terminal], [],
                                                       [], 1)[0]:
                try:
                    self.seen += os.read(self.terminal, 65536)
                except OSError:
                    raise AssertionError("%r ended without %r"
                                         % (self.seen, text))
            return text in self.seen

        wait_until(has_come, "%r is printed" % text)
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys):
        os.write(self.terminal, keys)

    def test_is_the_programs_terminal(self):
        self.open_shell(VIZTRACER, "--quiet", "-c",
                        "import os\nprint([os.isatty(n) for n in range(3)],"
                        "os.tcgetpgrp(0) == os.getpgrp(), input())")
        self.type(b"typed\n")
        self.expect(b"[True, True, True] True typed\r\n")
        self.expect(b"exited 0\r\n")

    def test_control_c_reaches_the_program(self):
        self.open_shell(VIZTRACER, "--quiet", "-c", READY +
                        "try:\n    print('go', flush=True)\n"
                        "    signal.pause()\nexcept KeyboardInterrupt:\n"
                        "    print('interrupted')\n    sys.exit(5)\n")
        self.expect(b"go\r\n")
        self.type(b"\x03")
        self.expect(b"interrupted\r\n")
        self.expect(b"exited 5\r\n")

    def test_control_c_kills_a_program_that_lets_it(self):
        self.open_shell(VIZTRACER, "--quiet", "-c", READY +
                        "signal.signal(2, signal.SIG_DFL)\n"
                        "print('go', flush=True)\nsignal.pause()\n")
        self.expect(b"go\r\n")
        self.type(b"\x03")
        self.expect(b"signalled 2\r\n")

    def test_control_z_stops_and_fg_continues(self):
        self.open_shell(VIZTRACER, "--quiet", "-c", READY +
                        "conts = []\n"
                        "signal.signal(signal.SIGCONT, "
                        "lambda *_: conts.append(1))\n"
                        "print('go', flush=True)\n"
                        "line = input()\n"
                        "print('continued', len(conts), line, flush=True)\n")
        pid = int(self.expect(b"\r\n"))
        self.expect(b"go\r\n")
        self.type(b"\x1a")
        self.expect(b"stopped %d\r\n" % signal.SIGTSTP)
        self.assertEqual(process_state(pid), "T")
        self.type(b"fg\n")
        self.expect(b"in foreground\r\n")
        self.type(b"line\n")
        self.expect(b"continued 1 line\r\n")
        self.expect(b"exited 0\r\n")

    def test_a_program_that_ignores_control_z_is_not_left_alone(self):
        self.open_shell(VIZTRACER, "--quiet", "-c", READY +
                        "signal.signal(signal.SIGTSTP, signal.SIG_IGN)\n"
                        "print('go', flush=True)\n"
                        "print('got', input(), flush=True)\n")
        self.expect(b"go\r\n")
        self.type(b"\x1a")
        self.type(b"line\n")
        self.expect(b"got line\r\n")
        self.expect(b"exited 0\r\n")

    def test_modes_are_put_back(self):
        self.open_shell(VIZTRACER, "--quiet", "-c",
                        "import tty, os\ntty.setraw(0)\nos._exit(3)")
        self.expect(b"exited 3\r\n")
        modes = termios.tcgetattr(self.terminal)
        self.assertTrue(modes[3] & termios.ICANON)
        self.assertTrue(modes[3] & termios.ECHO)
        self.assertTrue(modes[1] & termios.OPOST)


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
