# SPDX-License-Identifier: Apache-2.0
"""A viewer of a few lines, for tests of the tests.

It paints the headless screen after each key, whole, and keeps to the rules of
the real one; except for what $FAULT says that it gets wrong.
"""
import os
import signal
import sys
import termios
import time
import tty

import headless
import keys
from emulator import BOLD, DEFAULT, DIM, REVERSE, UNDERLINE

ON = b"\x1b[?1049h\x1b[?25l\x1b[?1000;1002;1006;2004;1004h"
OFF = b"\x1b[?1000;1002;1006;2004;1004l\x1b[m\x1b[?25h\x1b[?1049l"
NAMES = {keys.encode(name): name for name in
         ["Up", "Down", "Left", "Right", "Enter", "Esc", "F6"]
         + [chr(code) for code in range(33, 127)]}


class FakeViewer:
    def __init__(self, path):
        self.fault = os.environ.get("FAULT", "")
        self.path, self.pressed, self.frames = path, [], 0
        self.modes = termios.tcgetattr(0)

    def write(self, data):
        os.write(1, data)

    def paint(self):
        size = os.get_terminal_size(0)
        rows = headless.cells(headless.run(
            [self.path, "--headless", "%dx%d" % size, "--dump", "ansi",
             "--keys", " ".join(self.pressed)], os.environ), size.columns)
        out = []
        for y, row in enumerate(rows):
            if self.fault == "stale row" and self.frames > 0 and y == 5:
                continue
            out.append("\x1b[%d;1H" % (y + 1))
            for text, foreground, background, attributes in row:
                out.append("\x1b[0")
                for bit, number in ((BOLD, 1), (DIM, 2), (UNDERLINE, 4),
                                    (REVERSE, 7)):
                    if attributes & bit and self.fault != "no attributes":
                        out.append(";%d" % number)
                if foreground != DEFAULT:
                    out.append(";38;5;%d" % foreground)
                if background != DEFAULT and self.fault != "no colours":
                    out.append(";48;5;%d" % background)
                out.append("m" + text)
        self.write("".join(out).encode())
        self.frames += 1
        self.write(b"\x1b]777;idle;%d\x07" % self.frames)

    def leave(self, *_):
        if self.fault != "modes stay":
            self.write(OFF)
        if self.fault != "raw stays":
            termios.tcsetattr(0, termios.TCSANOW, self.modes)
        os._exit(0)

    def run(self):
        if self.fault == "child stays" and os.fork() == 0:
            os.closerange(0, 3)
            signal.pause()
        signal.signal(signal.SIGTERM, self.leave)
        tty.setraw(0)
        self.write(ON)
        if self.fault == "stray bytes":
            self.write(b"\x1b[5q")
        self.paint()
        while True:
            data = os.read(0, 100)
            if data in (b"q", b"Q"):
                self.leave()
            if self.fault == "spins" and not self.pressed:
                end = time.process_time() + 2
                while time.process_time() < end:
                    pass
            self.pressed.append(NAMES[data])
            self.paint()


FakeViewer(sys.argv[1]).run()
