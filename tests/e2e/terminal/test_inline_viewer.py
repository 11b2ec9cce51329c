# SPDX-License-Identifier: Apache-2.0
"""VizTracer(tui=True): a program opens the viewer on what it recorded itself,
and goes on when it is closed."""
import os
import subprocess

from setting import PYTHON, VIZTRACER
from terminal_test import TerminalTest, main
from ways_out import check_clean_end

PACKAGE_FOLDER = os.path.join(os.path.dirname(VIZTRACER), "..", "lib",
                              "viztracer", "python")

BEGIN = """
import os, signal
from viztracer import VizTracer
def first(): pass
def second(): pass
before = [signal.getsignal(number) for number in range(1, 32)]
def check():
    assert before == [signal.getsignal(number) for number in range(1, 32)]
    print("goes on", os.listdir("."), flush=True)
"""

TWO_STOPS = BEGIN + """
tracer = VizTracer(tui=True)
tracer.start()
first()
tracer.stop()
tracer.stop()  # what does not run is not shown
check()
tracer.start()
second()
tracer.stop()
check()
"""

WITH = BEGIN + """
with VizTracer(tui=True, verbose=0%s):
    first()
check()
"""


class InlineViewer(TerminalTest):
    def setUp(self):
        super().setUp()
        del self.environment["VIZTRACER_TUI_MARK"]  # is for one viewer
        self.environment["PYTHONPATH"] = os.path.normpath(PACKAGE_FOLDER)
        self.environment["TMPDIR"] = os.path.join(self.folder, "tmp")
        self.work = os.path.join(self.folder, "work")
        for folder in (self.environment["TMPDIR"], self.work):
            os.mkdir(folder)
        self.addCleanup(lambda: self.assertEqual(
            os.listdir(self.environment["TMPDIR"]), []))

    def program(self, text):
        path = os.path.join(self.folder, "app.py")
        with open(path, "w") as file:
            file.write(text)
        return PYTHON, path

    def run_program(self, text):
        return self.record(*self.program(text), folder=self.work)

    def wait_viewer(self, session, name):
        """The viewer is there and shows the function."""
        session.wait(lambda: 1049 in session.emulator.modes and name
                     in "\n".join(session.emulator.rows()), name)

    def wait_text(self, session, text):
        session.wait(lambda: text in session.log, "%r is written" % text)

    def test_each_stop_opens_the_viewer_and_goes_on(self):
        session = self.run_program(TWO_STOPS)
        self.wait_viewer(session, "first")
        session.send(b"q")
        self.wait_text(session, b"goes on []")
        self.wait_viewer(session, "second")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertEqual(session.log.count(b"goes on []"), 2)

    def test_a_with_block_saves_when_it_is_told_where(self):
        for options, files in (("", b"[]"),
                               (", output_file='x.json'", b"['x.json']")):
            with self.subTest(options):
                session = self.run_program(WITH % options)
                self.wait_viewer(session, "first")
                session.send(b"q")
                check_clean_end(self, session, ("exited", 0))
                self.assertIn(b"goes on " + files, session.log)

    def test_keys_that_are_signals_are_the_viewers(self):
        self.environment["VIZTRACER_TUI_MARK"] = "1"
        session = self.run_program(WITH % "")
        self.wait_viewer(session, "first")
        session.send(b"\x1a")
        session.wait_stopped()
        session.to_foreground()
        self.wait_viewer(session, "first")
        session.send(b"\x03\x03")
        check_clean_end(self, session, ("exited", 0))
        self.assertIn(b"goes on []", session.log)

    def test_without_a_terminal_one_line_says_so(self):
        done = subprocess.run(
            self.program(WITH % ""), cwd=self.work,
            env=dict(self.environment, **self.recording,
                     VIZTRACER_OUTPUT_FILE="kept.json"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, timeout=60)
        self.assertEqual(done.stderr, b"viztracer: there is no terminal for "
                         b"the viewer (tui=True)\n")
        self.assertEqual((done.stdout, done.returncode),
                         (b"goes on ['kept.json']\n", 0))


if __name__ == "__main__":
    main()
