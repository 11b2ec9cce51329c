# SPDX-License-Identifier: Apache-2.0
"""A trace that comes through a pipe while it is looked at, and what is kept of
a view when the viewer is ended from outside."""
import json
import os
import signal
import unittest

from setting import VIZTRACER
from terminal_test import TerminalTest


def call(name, start_us, thread=1, duration_us=400):
    return json.dumps({"name": name, "ph": "X", "ts": start_us,
                       "dur": duration_us,
                       "pid": 7, "tid": thread})


class Pipe(TerminalTest):
    """Without marks, for those wait for all of it: the screen is looked at."""

    def open(self, *arguments, **variables):
        reader, self.writer = os.pipe()
        os.set_inheritable(reader, True)
        session = self.start(
            VIZTRACER, "view", "-", *arguments, files=(reader, None, None), size=(110, 24),
            variables=dict({"VIZTRACER_TUI_MARK": None}, **variables))
        os.close(reader)
        return session

    def write(self, text):
        os.write(self.writer, text.encode())

    def wait_text(self, session, *texts):
        session.wait(lambda: all(
            any(text in row for row in session.emulator.rows())
            for text in texts), "the screen shows %s" % (texts,))

    def is_broken(self):
        """Nobody reads the pipe any more."""
        try:
            self.write(" ")
        except BrokenPipeError:
            return True
        return False

    def test_what_came_is_shown_and_grows(self):
        session = self.open()
        self.wait_text(session, "opening standard input", "Esc: stop")
        # What tells a file from others is its begin.
        self.write("[%s%s,\n%s,\n{" % (" " * 4096, call("one", 500),
                                      call("two", 1000)))
        self.wait_text(session, "2 calls")
        session.send(b"l")
        self.wait_text(session, " two ")
        session.send(b"ma")
        # What is around all of it comes last, and another thread.
        self.write(call("three", 2000)[1:] + "," + call("four", 3000, 2)
                   + "," + call("all", 0, 1, 9000))
        self.wait_text(session, "5 calls", "thread 2", "all")
        # The cursor is where it was, one level deeper, and the mark 500 us
        # later than when nothing was known of what is around it.
        self.wait_text(session, "▏all", "«══»")
        session.send(b"i")
        self.wait_text(session, " two  400", "depth 2")
        session.send(b"ig0'a")
        self.wait_text(session, " two  400", "depth 2")
        self.assertFalse(self.is_broken())
        self.write(",{")
        session.send(b"\x03")
        self.wait_text(session, "stopped; this is what was loaded")
        session.wait(self.is_broken, "the pipe is closed")
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))

    def test_undo_goes_back_behind_what_was_not_there(self):
        session = self.open()
        self.write("[%s%s" % (" " * 4096, call("one", 0)))
        self.wait_text(session, "1 call ")
        session.send(b"3I")
        self.wait_text(session, "[3Func", "SELF↑")
        self.write(",%s,%s" % (call("two", 1000, 2), call("three", 2000)))
        self.wait_text(session, "3 calls")
        session.send(b"u")
        self.wait_text(session, "SELF↓")
        session.send(b"\x12")
        self.wait_text(session, "SELF↑")
        session.send(b"q")
        session.wait_end()

    def test_its_end_makes_it_whole(self):
        session = self.open()
        self.write("[%s" % call("one", 0))
        self.wait_text(session, "1 call ")
        self.write(",%s]" % call("two", 1000))
        os.close(self.writer)
        self.wait_text(session, "2 calls")
        session.wait(lambda: "load" not in session.emulator.rows()[0]
                     and "note" not in session.emulator.rows()[0],
                     "it is loaded, without a note")
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))

    def test_leaving_does_not_wait_for_the_pipe(self):
        session = self.open()
        self.write("[%s" % call("one", 0))
        self.wait_text(session, "1 call ")
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))
        session = self.open()
        self.wait_text(session, "opening")
        session.send(b"q")
        session.wait_end()

    def test_stopped_before_anything_came(self):
        session = self.open()
        self.wait_text(session, "opening")
        session.send(b"\x03")
        self.assertEqual(session.wait_end(), ("exited", 1))
        self.assertIn(b"standard input: is empty", session.log)

    def test_keys_of_the_command_line_wait_for_all_of_it(self):
        session = self.open("--keys", "3", VIZTRACER_TUI_MARK="1")
        self.write("[%s" % call("one", 0))
        self.write(",%s]" % call("two", 1000))
        os.close(self.writer)
        session.wait_mark(1)
        self.wait_text(session, "[3Func", "2 calls")


class Kept(TerminalTest):
    def view(self, state):
        return self.start(VIZTRACER, "view", self.trace("app"),
                          variables={"VIZTRACER_DIR": state})

    def test_a_view_is_kept_when_a_signal_ends_the_viewer(self):
        for name in ("SIGTERM", "SIGHUP"):
            state = os.path.join(self.folder, name)
            session = self.view(state)
            session.wait_mark(1)
            session.press(b"3")
            session.signal(getattr(signal, name))
            self.assertEqual(session.wait_end(),
                             ("signalled", getattr(signal, name)))
            session = self.view(state)
            session.wait_mark(1)
            self.assertIn("[3Func", session.emulator.rows()[0], name)
            session.send(b"q")
            session.wait_end()

    def test_also_when_the_terminal_goes(self):
        state = os.path.join(self.folder, "lost")
        session = self.view(state)
        session.wait_mark(1)
        session.press(b"3")
        session.hang_up()
        session = self.view(state)
        session.wait_mark(1)
        self.assertIn("[3Func", session.emulator.rows()[0])

    def test_that_it_could_not_be_kept_is_said_once(self):
        state = os.path.join(self.folder, "file")
        with open(state, "w", encoding="utf-8"):
            pass
        session = self.view(state)
        session.wait_mark(1)
        session.press(b"3")
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))
        self.assertEqual(session.log.count(b"is not kept for the next time"), 1)


if __name__ == "__main__":
    unittest.main()
