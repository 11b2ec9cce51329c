# SPDX-License-Identifier: Apache-2.0
"""A program in a terminal of its own, below a shell with job control.

The terminal is a pty with the emulator at its other end. The shell is a
process that runs the program in its own process group in the foreground and
reports what becomes of it: a stop, and the end with status and time used.

With VIZTRACER_TUI_MARK=1 the viewer marks each settled frame; that is what is
waited for, never silence.
"""
import fcntl
import json
import os
import re
import resource
import select
import signal
import struct
import termios
import time
import uuid

from emulator import Emulator
from setting import DEADLINE_S

MARKS = re.compile(rb"\x1b\]777;idle;[0-9]+\x07")
TOKEN = "VIZTRACER_TEST_SESSION"


def set_size(fd, columns, lines):
    fcntl.ioctl(fd, termios.TIOCSWINSZ,
                struct.pack("HHHH", lines, columns, 0, 0))


def processes_of(token):
    """{pid: command line} of the living processes that carry a token."""
    found = {}
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/environ" % name, "rb") as file:
                if name.isdigit() and token.encode() in file.read():
                    with open("/proc/%s/cmdline" % name, "rb") as file:
                        found[int(name)] = file.read()
        except OSError:
            continue
    return found


class Shell:
    """What runs in the forked process; it leaves by os._exit()."""

    def __init__(self, slave, reports, orders):
        self.slave, self.reports, self.orders = slave, reports, orders

    def run(self, arguments, environment, files, folder):
        self.close_others(files)
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        for number in (signal.SIGHUP, signal.SIGTTOU, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        job = os.fork()
        if job == 0:
            self.become(arguments, environment, files, folder)
        self.close_others(())
        self.report(event="started", pid=job)
        while True:
            _, status, used = os.wait4(job, os.WUNTRACED)
            self.take_terminal(os.getpgrp())
            if not os.WIFSTOPPED(status):
                break
            self.report(event="stopped", number=os.WSTOPSIG(status))
            os.read(self.orders, 1)
            self.take_terminal(job)
            os.killpg(job, signal.SIGCONT)
        if os.WIFSIGNALED(status):
            event, number = "signalled", os.WTERMSIG(status)
        else:
            event, number = "exited", os.WEXITSTATUS(status)
        self.report(event=event, number=number,
                    cpu_s=used.ru_utime + used.ru_stime)

    def close_others(self, files):
        """What the test holds, such as the end of a pipe, is not the
        shell's."""
        kept = {self.slave, self.reports, self.orders, *files}
        for fd in set(range(3, 200)) - kept:
            try:
                os.close(fd)
            except OSError:
                pass

    def become(self, arguments, environment, files, folder):
        try:
            os.setpgid(0, 0)
            self.take_terminal(os.getpgrp())
            for number in range(1, signal.NSIG):
                if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
                    signal.signal(number, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            # First out of the way of each other, then in place.
            sources = [self.slave if fd is None else fd for fd in files]
            kept = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100) if fd >= 0 else -1
                    for fd in sources]
            for target, fd in enumerate(kept):
                if fd < 0:
                    os.close(target)
                else:
                    os.dup2(fd, target)
            os.closerange(3, 200)
            os.chdir(folder)
            os.execve(arguments[0], arguments, environment)
        finally:
            os._exit(99)

    def take_terminal(self, group):
        try:
            os.tcsetpgrp(self.slave, group)
        except OSError:
            pass  # the terminal was hung up

    def report(self, **what):
        os.write(self.reports, json.dumps(what).encode() + b"\n")


class Session:
    """files are descriptors of stdin, stdout and stderr: None is the
    terminal, -1 is closed."""

    deadline_s = DEADLINE_S

    def __init__(self, arguments, environment, size=(80, 24), folder="/",
                 files=(None, None, None), has_terminal=True):
        self.token = "%s=%s" % (TOKEN, uuid.uuid4().hex)
        name, value = self.token.split("=")
        environment = dict(environment, **{name: value})
        self.emulator = Emulator(*size)
        self.emulator.on_mark = self.take_mark
        self.log = b""
        self.mark_ends = []  # where in the log each settled frame ended
        self.events = []
        self.master, self.slave = os.openpty()
        set_size(self.slave, *size)
        self.modes_before = termios.tcgetattr(self.slave)
        self.reports, reports = os.pipe()
        orders, self.orders = os.pipe()
        self.report_rest = b""
        self.shell = os.fork()
        if self.shell == 0:
            try:
                os.close(self.master)
                shell = Shell(self.slave, reports, orders)
                if not has_terminal:
                    fcntl.ioctl = lambda *_: None
                shell.run(list(arguments), environment, files, folder)
            finally:
                os._exit(0)
        os.close(reports)
        os.close(orders)
        self.wait(lambda: self.events, "the program started")
        self.pid = self.events[0]["pid"]

    # What comes.

    def pump(self, timeout_s=1.0):
        """Take what has come, or wait for it a while."""
        descriptors = [fd for fd in (self.master, self.reports)
                       if fd is not None]
        for fd in select.select(descriptors, [], [], timeout_s)[0]:
            if fd == self.master:
                self.take_output()
            else:
                self.take_reports()

    def take_output(self):
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        self.log += data
        self.emulator.feed(data)

    def take_mark(self, number):
        if number != len(self.mark_ends) + 1:
            raise AssertionError("mark %d after %d marks"
                                 % (number, len(self.mark_ends)))
        end = 0
        for match in MARKS.finditer(self.log):
            end = match.end()
            if match[0] == b"\x1b]777;idle;%d\x07" % number:
                break
        self.mark_ends.append(end)

    def take_reports(self):
        data = os.read(self.reports, 65536)
        if data == b"":
            os.close(self.reports)
            self.reports = None
        *lines, self.report_rest = (self.report_rest + data).split(b"\n")
        self.events.extend(map(json.loads, lines))

    def wait(self, condition, what, deadline_s=None):
        end = time.monotonic() + (deadline_s or self.deadline_s)
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("still waiting until %s; events %s, "
                                     "last output %r, screen:\n%s" % (
                                         what, self.events, self.log[-300:],
                                         "\n".join(self.emulator.rows())))
            self.pump(0.05)

    def wait_mark(self, count):
        """Wait until so many frames have settled; False when the program
        ended before."""
        self.wait(lambda: len(self.mark_ends) >= count or self.has_ended(),
                  "%d frames have settled" % count)
        return len(self.mark_ends) >= count

    # What is done.

    def send(self, data):
        while data:
            data = data[os.write(self.master, data):]

    def press(self, data):
        """Send bytes and wait for the frame that settles after them."""
        count = len(self.mark_ends)
        self.send(data)
        return self.wait_mark(count + 1)

    def set_size(self, columns, lines):
        self.emulator.resize(columns, lines)
        set_size(self.slave, columns, lines)

    def resize(self, columns, lines):
        """Another size, and the frame that settles after it."""
        count = len(self.mark_ends)
        self.set_size(columns, lines)
        return self.wait_mark(count + 1)

    def signal(self, number):
        os.kill(self.pid, number)

    def wait_stopped(self):
        count = sum(event["event"] == "stopped" for event in self.events)
        self.wait(lambda: count < sum(event["event"] == "stopped"
                                      for event in self.events), "it stops")

    def to_foreground(self):
        """The shell's fg."""
        count = len(self.mark_ends)
        os.write(self.orders, b"f")
        self.wait_mark(count + 1)

    def hang_up(self):
        """The terminal goes away."""
        os.close(self.master)
        os.close(self.slave)
        self.master = self.slave = None
        self.wait_end()

    # What has become of it.

    def has_ended(self):
        return self.events[-1:] != [] and self.events[-1]["event"] in (
            "exited", "signalled")

    def wait_end(self):
        """("exited" or "signalled", number)"""
        self.wait(self.has_ended, "the program ends")
        while self.master is not None and select.select(
                [self.master], [], [], 0)[0]:
            self.take_output()
        return self.events[-1]["event"], self.events[-1]["number"]

    def cpu_s(self):
        return self.events[-1]["cpu_s"]

    def modes(self):
        return termios.tcgetattr(self.slave)

    def frame_bytes(self, index):
        """What was written for the settled frame of that index."""
        start = self.mark_ends[index - 1] if index > 0 else 0
        return MARKS.sub(b"", self.log[start:self.mark_ends[index]])

    def wait_nothing_left(self):
        self.wait(lambda: not processes_of(self.token),
                  "no process is left, but %s" % processes_of(self.token))

    def close(self):
        for pid in list(processes_of(self.token)):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        os.kill(self.shell, signal.SIGKILL)
        os.waitpid(self.shell, 0)
        for fd in (self.master, self.slave, self.reports, self.orders):
            if fd is not None:
                os.close(fd)
