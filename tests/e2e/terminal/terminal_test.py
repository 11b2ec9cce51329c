# SPDX-License-Identifier: Apache-2.0
"""What the tests in a terminal share."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import keys
from headless import Oracle
from session import Session
from setting import PYTHON, VIZTRACER, WRITE_TRACE


def difference(live, wanted):
    """The first rows that differ, as text, and how."""
    lines = []
    if (len(live), len(live[0])) != (len(wanted), len(wanted[0])):
        return "%dx%d instead of %dx%d" % (
            len(live[0]), len(live), len(wanted[0]), len(wanted))
    for y, (row, other) in enumerate(zip(live, wanted)):
        if row == other:
            continue
        x = next(x for x in range(len(row)) if row[x] != other[x])
        lines += ["row %d, column %d: live %s, headless %s"
                  % (y, x, row[x], other[x]),
                  "  live     |%s|" % "".join(cell[0] for cell in row),
                  "  headless |%s|" % "".join(cell[0] for cell in other)]
        if len(lines) >= 12:
            break
    return "\n".join(lines)


def is_known(terminal):
    """Whether this system has a description of a type of terminal."""
    return subprocess.run(["infocmp", terminal], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def text_of(cells):
    """Rows of text. With colours a body is a blank, and so is a full block."""
    return ["".join(cell[0] for cell in row).replace("\u2588", " ").replace(
        "\u2500", " ").rstrip(" ") for row in cells]


class TerminalTest(unittest.TestCase):
    """A test with a folder of its own and programs in terminals."""

    maxDiff = None
    traces = {}

    @classmethod
    def setUpClass(cls):
        cls.traces = {}
        cls.trace_folder = tempfile.mkdtemp(prefix="viztracer-")
        cls.addClassCleanup(shutil.rmtree, cls.trace_folder)

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="viztracer-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "TZ": "UTC",
            "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
            "VIZTRACER_PYTHON": PYTHON, "PYTHONDONTWRITEBYTECODE": "1",
            "VIZTRACER_TUI_MARK": "1",
        }
        # What an instrumented recorder wants in an interpreter, see
        # e2e/CMakeLists.txt.
        self.recording = {name: os.environ[name] for name in
                          ("LD_PRELOAD", "ASAN_OPTIONS") if name in os.environ}
        if "ASAN_OPTIONS" in os.environ:
            # A leak of the viewer is a failure; its crashes are its own.
            self.environment["ASAN_OPTIONS"] = (
                "detect_leaks=1:handle_segv=0:handle_abort=0:handle_sigbus=0"
                ":handle_sigfpe=0:handle_sigill=0")

    def trace(self, name):
        """The path of a sample trace."""
        if name not in self.traces:
            folder = os.path.join(self.trace_folder, name)
            os.mkdir(folder)
            subprocess.run([WRITE_TRACE, name, folder], check=True)
            path = os.path.join(folder, name + ".vzt")
            os.rename(os.path.join(folder, "trace.vzt"), path)
            self.traces[name] = path
        return self.traces[name]

    def start(self, *arguments, **options):
        """Run a program in a terminal of its own."""
        # Marks and the like of one session are not those of the next, as
        # the oracle has none.
        environment = dict(
            self.environment,
            VIZTRACER_DIR=tempfile.mkdtemp(prefix="state-", dir=self.folder))
        environment.update(options.pop("variables", {}))
        session = Session(
            arguments, {name: value for name, value in environment.items()
                        if value is not None},
            folder=options.pop("folder", self.folder), **options)
        self.addCleanup(session.close)
        return session

    def record(self, *arguments, **options):
        """Run a program below the recorder in a terminal of its own."""
        variables = dict(self.recording, **options.pop("variables", {}))
        return self.start(*arguments, variables=variables, **options)

    def view(self, trace="app", *options, **session_options):
        """Open the viewer and wait for its first settled frame."""
        session = self.start(VIZTRACER, "view", self.trace(trace), *options,
                             **session_options)
        self.assertTrue(session.wait_mark(1),
                        "ended at once: %r" % session.log[-300:])
        return session

    def oracle(self, trace="app", *options, **variables):
        return Oracle(self.trace(trace), dict(self.environment, **variables),
                      options)

    def assert_screen(self, session, wanted, what):
        """The screen is the wanted one, if need be a few frames later."""
        while session.emulator.cells() != wanted:
            if not self.settles_again(session):
                self.fail("%s: %s" % (what, difference(
                    session.emulator.cells(), wanted)))

    @staticmethod
    def settles_again(session):
        """Whether one more frame settles within a second. Only a screen that
        is wrong waits for this."""
        count = len(session.mark_ends)
        try:
            session.wait(lambda: len(session.mark_ends) > count, "", 1)
        except AssertionError:
            return False
        return True

    def do(self, session, word):
        """What a word of a script says, in the terminal."""
        if word[:1] == "@" and len(word) > 1:
            is_alive = session.resize(*map(int, word[1:].split("x")))
        else:
            is_alive = all(session.press(data) for data in
                           keys.mouse_reports(word) or [keys.encode(word)])
        self.assertTrue(is_alive, "ended by %s: %r"
                        % (word, session.log[-300:]))

    def press_and_compare(self, session, oracle, words, done=()):
        """Do words one by one and compare the screen after each. Returns all
        that were done so far."""
        done = list(done)
        for word in words:
            done.append(word)
            self.do(session, word)
            size = session.emulator.columns, session.emulator.lines
            self.assert_screen(session, oracle.cells(size, done),
                               "after " + " ".join(done))
        return done

    def quit(self, session):
        """Leave, out of whatever is open."""
        for _ in range(3):
            session.press(b"\x1b")
        session.send(b"Q")
        self.assertEqual(session.wait_end(), ("exited", 0), session.log[-500:])


def main():
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
