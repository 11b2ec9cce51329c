# SPDX-License-Identifier: Apache-2.0
"""A second opinion: what tmux makes of the viewer's bytes.

tmux passes the raw output on through a pipe, too: from there come the marks
of settled frames, behind what tmux has read itself.
"""
import os
import random
import select
import shutil
import subprocess
import sys
import time
import unittest

import headless
import keys
from emulator import PLAIN, Emulator, appearance
from session import MARKS
from setting import DEADLINE_S, VIZTRACER
from terminal_test import TerminalTest, difference, main

BLANK = appearance(" ", PLAIN)
SCRIPT = "w w l j j d d s 0 f f G g T c z M z R u u Esc U"


def random_output(choice, columns, lines):
    """Bytes as ncurses might write them, on a cleared alternate screen. Behind
    the last column terminals differ; one goes somewhere else first."""
    pieces = ["\x1b[?1049h\x1b[2J\x1b[H"]
    own = Emulator(columns, lines)
    for _ in range(60):
        own.feed(pieces[-1].encode())
        if own.wraps:
            pieces.append("\x1b[1;2H")
            own.feed(pieces[-1].encode())
        x, y = choice.randint(1, columns), choice.randint(1, lines)
        n = choice.randint(1, 5)
        pieces.append(choice.choice([
            "text", "─▏█", "日本", "e\u0301", "\x1b[%d;%dH" % (y, x),
            "\x1b[%dG" % x, "\x1b[%dd" % y, "\x1b[%dX" % n, "\x1b[K",
            "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[%dP" % n,
            "\x1b[%d@" % n, "\x1b[r\x1b[%dd\x1b[%dL" % (y, n),
            "\x1b[r\x1b[%dd\x1b[%dM" % (y, n),
            "\x1b[%dA" % n, "\x1b[%dB" % n, "\x1b[%dC" % n,
            "\x1b[%dD" % n, "\r", "\n", "\b", "\t", "\x1b[Z", "\x1bM",
            "\x1b[2;%dr" % max(3, y), "\x1b[r", "\x1b[%dS" % n,
            "\x1b[%dT" % n, "\x1b7", "\x1b8", "\x1b[1Gx\x1b[%db" % n,
            "\x1b[%dm" % choice.choice((0, 1, 2, 4, 7, 22, 24, 27, 39, 49)),
            "\x1b[%dm" % choice.randint(30, 37),
            "\x1b[%dm" % choice.randint(100, 107),
            "\x1b[38;5;%dm" % choice.randint(0, 255),
            "\x1b[1;48;5;%dm" % choice.randint(0, 255),
        ]))
    return "".join(pieces).encode()


@unittest.skipUnless(shutil.which("tmux"), "SKIPPED: there is no tmux")
class Tmux(TerminalTest):
    def setUp(self):
        super().setUp()
        self.socket = None
        self.pane_count = 0
        self.fifo = os.path.join(self.folder, "output")
        os.mkfifo(self.fifo)
        self.output = os.open(self.fifo, os.O_RDWR)
        self.addCleanup(os.close, self.output)
        self.log = b""

    def tmux(self, *words):
        return self.tmux_of(self.socket, *words)

    def tmux_of(self, socket, *words):
        return subprocess.run(
            ["tmux", "-S", socket, "-f", "/dev/null"] + list(words),
            env=self.environment, check=True, stdout=subprocess.PIPE,
            timeout=DEADLINE_S).stdout

    def end(self, socket):
        """What runs in the panes may write to the folder until it ends."""
        pids = self.tmux_of(socket, "list-panes", "-a", "-F", "#{pane_pid}")
        ended = [os.pidfd_open(int(pid)) for pid in pids.split()]
        self.tmux_of(socket, "kill-server")
        for descriptor in ended:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.poll(DEADLINE_S * 1000)
            os.close(descriptor)

    def open(self, trace, columns, lines):
        self.start_pane("exec '%s' view '%s'"
                        % (VIZTRACER, self.trace(trace)), columns, lines)
        self.wait_mark(1)

    def start_pane(self, command, columns, lines):
        """A command that starts when the pipe is in place, in a tmux of its
        own."""
        self.pane_count += 1
        self.socket = os.path.join(self.folder, "tmux%d" % self.pane_count)
        self.log = b""
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(lines),
                  "stty -echo -opost; read go; " + command)
        self.addCleanup(self.end, self.socket)
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("set-option", "-s", "escape-time", "0")
        self.tmux("pipe-pane", "-O", "cat >'%s'" % self.fifo)
        self.tmux("send-keys", "Enter")

    def wait_mark(self, count):
        end = time.monotonic() + DEADLINE_S
        while len(MARKS.findall(self.log)) < count:
            if time.monotonic() > end:
                self.fail("waits for mark %d after %r"
                          % (count, self.log[-300:]))
            if select.select([self.output], [], [], 0.1)[0]:
                self.log += os.read(self.output, 65536)

    def screen(self, columns, lines, erased=None):
        """The cells. tmux carries the style over the end of a line, and
        leaves out what was erased there; erased says what to take for it."""
        dump = self.tmux("capture-pane", "-p", "-e", "-N").decode()
        rows, style = [], PLAIN
        for line in dump.split("\n")[:lines]:
            row, style = headless.row_cells(line, style)
            row += [BLANK] * (columns - len(row)) if erased is None \
                else erased[len(rows)][len(row):]
            rows.append(row[:columns])
        return rows

    def compare(self, wanted, what, erased=None):
        columns, lines = len(wanted[0]), len(wanted)
        live = self.screen(columns, lines, erased)
        if live != wanted:
            self.fail("%s: %s" % (what, difference(live, wanted)))

    def test_screens(self):
        for trace, columns, lines in (("app", 80, 24), ("odd", 100, 30),
                                      ("processes", 40, 10)):
            with self.subTest(trace):
                self.environment["TERM"] = "tmux-256color"
                oracle = self.oracle(trace)
                self.open(trace, columns, lines)
                self.compare(oracle.cells((columns, lines)), "at first")
                pressed = []
                for name in SCRIPT.split():
                    count = len(MARKS.findall(self.log))
                    self.tmux("send-keys", "-H", *(
                        "%02x" % byte for byte in keys.encode(name)))
                    self.wait_mark(count + 1)
                    pressed.append(name)
                    self.compare(oracle.cells((columns, lines), pressed),
                                 "after " + " ".join(pressed))

    def test_the_emulator_is_right(self):
        """What is no viewer's: random output, in tmux and in the emulator."""
        for seed in range(40):
            columns, lines = 20, 6
            output = random_output(random.Random(seed), columns, lines)
            path = os.path.join(self.folder, "random-%d" % seed)
            with open(path, "wb") as file:
                file.write(output)
            self.start_pane("cat '%s'; printf '\\033]777;idle;1\\007'; "
                            "read stay" % path, columns, lines)
            self.wait_mark(1)
            own = Emulator(columns, lines)
            own.feed(output)
            self.compare(own.cells(), "seed %d, %r" % (seed, output),
                         erased=own.cells())


if __name__ == "__main__":
    print("tmux", shutil.which("tmux"), file=sys.stderr)
    main()
