# SPDX-License-Identifier: Apache-2.0
"""The viewer where there is no terminal, half a terminal, or a strange one:
no escape sequence where none belongs, and words that say what is wrong."""
import os
import subprocess
import unittest

import headless
from setting import DEADLINE_S, VIZTRACER
from terminal_test import TerminalTest, is_known, main, text_of
from ways_out import check_clean_end, check_terminal


class Redirected(TerminalTest):
    def open_file(self, name, flags=os.O_RDWR | os.O_CREAT):
        fd = os.open(os.path.join(self.folder, name), flags, 0o600)
        self.addCleanup(os.close, fd)
        return fd

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def first_screen(self, columns=80, lines=24):
        return headless.run([self.trace("app"), "--headless",
                             "%dx%d" % (columns, lines), "--dump", "text"],
                            self.environment)

    def test_output_is_a_file(self):
        """The first screen as text, and the terminal is not touched."""
        session = self.start(VIZTRACER, "view", self.trace("app"),
                             files=(None, self.open_file("out"), None))
        check_clean_end(self, session, ("exited", 0))
        self.assertEqual(session.log, b"")
        self.assertEqual(self.read("out"), self.first_screen())

    def test_output_is_a_pipe(self):
        done = subprocess.run(
            [VIZTRACER, "view", self.trace("app")], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=DEADLINE_S)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout, self.first_screen())
        self.assertNotIn(b"\x1b", done.stdout)

    def test_with_tui_the_terminal_is_found(self):
        """Input and output are files; keys and screen are /dev/tty's."""
        wanted = self.oracle().cells((80, 24), ("w",))
        session = self.start(
            VIZTRACER, "view", "--tui", self.trace("app"),
            files=(self.open_file("in"), self.open_file("out"),
                   self.open_file("err")))
        self.assertTrue(session.wait_mark(1), self.read("err"))
        self.assertTrue(session.press(b"w"))
        self.assert_screen(session, wanted, "after w")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertEqual(self.read("out") + self.read("err"), b"")

    def test_input_is_closed(self):
        for files in ((-1, None, None), (-1, None, -1)):
            with self.subTest(files):
                session = self.start(VIZTRACER, "view", self.trace("app"),
                                     files=files)
                self.assertTrue(session.wait_mark(1), session.log[-500:])
                self.assertTrue(session.press(b"w"))
                session.send(b"q")
                check_clean_end(self, session, ("exited", 0))

    def test_errors_are_redirected(self):
        session = self.start(VIZTRACER, "view", self.trace("app"),
                             files=(None, None, self.open_file("err")))
        self.assertTrue(session.wait_mark(1))
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertEqual(self.read("err"), b"")

    def test_there_is_no_terminal_at_all(self):
        done = subprocess.run(
            [VIZTRACER, "view", "--tui", self.trace("app")],
            env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, timeout=DEADLINE_S)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"terminal", done.stderr)
        self.assertNotIn(b"\x1b", done.stderr)

    def test_in_the_background(self):
        """A shell's `viztracer view &`: stopped by the kernel, not broken."""
        session = self.start(
            "/bin/bash", "-mc", '"$0" view "$1" & wait %1; jobs; '
            'read line; kill -KILL %1; kill -CONT %1', VIZTRACER,
            self.trace("app"))
        session.wait(lambda: b"Stopped" in session.log, "it is stopped")
        self.assertNotIn(b"\x1b", session.log)
        session.send(b"\n")
        session.wait_end()
        check_terminal(self, session)


class Names(TerminalTest):
    """$TERM, and sizes that lie."""

    def test_terminals_that_can_do_nothing(self):
        for name in (None, "", "dumb", "no-such-terminal", "unknown"):
            with self.subTest(name):
                session = self.start(VIZTRACER, "view", self.trace("app"),
                                     variables={"TERM": name})
                self.assertEqual(session.wait_end(), ("exited", 0))
                self.assertNotIn(b"\x1b", session.log)
                self.assertIn(b"MainThread", session.log)
                self.assertEqual(session.modes(), session.modes_before)

    def test_with_tui_it_is_an_error(self):
        for name in (None, "dumb", "no-such-terminal", "no\x1b[31msuch"):
            with self.subTest(name):
                session = self.start(
                    VIZTRACER, "view", "--tui", self.trace("app"),
                    variables={"TERM": name})
                event, status = session.wait_end()
                self.assertEqual(event, "exited")
                self.assertNotEqual(status, 0)
                self.assertNotIn(b"\x1b", session.log)
                self.assertIn(b"TERM", session.log)

    def test_all_kinds_draw_the_same_text(self):
        for name in filter(is_known, (
                "xterm-256color", "xterm-direct", "tmux-256color", "screen",
                "screen-256color", "linux", "rxvt-unicode", "xterm", "vt100")):
            with self.subTest(name):
                session = self.view(variables={"TERM": name})
                self.assertTrue(session.press(b"w"))
                self.assertTrue(session.press(b"d"))
                wanted = self.oracle().cells((80, 24), ("w", "d"))
                self.assertEqual(text_of(session.emulator.cells()),
                                 text_of(wanted))
                session.send(b"q")
                check_clean_end(self, session, ("exited", 0))

    def test_no_colour(self):
        session = self.view(variables={"NO_COLOR": "1"})
        for row in session.emulator.cells():
            for _, foreground, background, _ in row:
                self.assertEqual((foreground, background), (-1, -1))
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_size_is_the_terminals(self):
        for lines, columns in (("10", "40"), ("0", "0"), ("-1", "x"),
                               ("99999999999", "99999999999")):
            with self.subTest(lines=lines, columns=columns):
                session = self.view(variables={"LINES": lines,
                                               "COLUMNS": columns})
                self.assert_screen(session, self.oracle().cells((80, 24)),
                                   "the size is 80x24")
                session.send(b"q")
                check_clean_end(self, session, ("exited", 0))

    def test_a_terminal_without_a_size(self):
        """As on a serial line: 0x0 is taken for 80x24."""
        session = self.start(
            "/bin/sh", "-c", 'stty rows 0 cols 0; exec "$0" view "$1"',
            VIZTRACER, self.trace("app"))
        self.assertTrue(session.wait_mark(1), session.log[-500:])
        self.assert_screen(session, self.oracle().cells((80, 24)), "80x24")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))


class Traces(TerminalTest):
    """What cannot be shown is said on a terminal that was not touched."""

    def test_that_cannot_be_opened(self):
        path = os.path.join(self.folder, "no\x1b[31m.vzt")
        for content in (None, b"", b"nonsense" * 100):
            with self.subTest(content):
                if content is not None:
                    with open(path, "wb") as file:
                        file.write(content)
                session = self.start(VIZTRACER, "view", path)
                self.assertEqual(session.wait_end(), ("exited", 1))
                # The word "error" is bold and red.
                said = session.log.replace(b"\x1b[1;31m", b"")
                self.assertNotIn(b"\x1b", said.replace(b"\x1b[0m", b""))
                self.assertIn(b".vzt", session.log)
                check_terminal(self, session)

    def test_names_do_not_reach_the_terminal_raw(self):
        """The emulator refuses controls; names of `odd` are full of them."""
        session = self.view("odd", size=(160, 50))
        for name in (b"G", b"g", b"j", b"l", b"i", b"2", b"3", b"1"):
            self.assertTrue(session.press(name))
        self.quit(session)
        check_clean_end(self, session, ("exited", 0))


if __name__ == "__main__":
    main()
