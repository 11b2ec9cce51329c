# SPDX-License-Identifier: Apache-2.0
"""What the viewer has to do with the world around its screen: the clipboard,
commands of the shell, and what the terminal says of itself."""
import os
import re
import stat
import time
import unittest

from session import processes_of
from setting import VIZTRACER
from terminal_test import TerminalTest, main
from ways_out import check_clean_end

QUESTION = b"\x1b]11;?\x1b\\\x1b[c"
ATTRIBUTES = b"\x1b[?62;22c"
ENTER = b"[Enter goes back"
ANSWER_S = 0.08  # the viewer waits a little longer


class Outside(TerminalTest):
    def read(self, *names):
        with open(os.path.join(self.folder, *names), "rb") as file:
            return file.read()

    def yanked(self):
        return self.read(".cache", "viztracer", "yank")

    def open(self, trace="app", script="", **options):
        session = self.view(trace, **options)
        for word in script.split():
            self.do(session, word)
        return session

    def type(self, session, text):
        for character in text:
            self.assertTrue(session.press(character.encode()))

    def close(self, session):
        session.send(b"Q")
        check_clean_end(self, session, ("exited", 0))


class Copies(Outside):
    def test_a_call(self):
        session = self.open(script="j j j j y")
        self.assertRegex(session.emulator.clipboard,
                         rb"^Server\.handle_request \(/srv/app/server\.py:41\)"
                         rb" .*\n$")
        self.assertEqual(self.yanked(), session.emulator.clipboard)
        path = os.path.join(self.folder, ".cache", "viztracer", "yank")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.close(session)

    def test_a_table(self):
        """A line of names, and one for each function that the screen tells
        of."""
        session = self.open(script="3 Y", size=(160, 50))
        text = "\n".join(session.emulator.rows())
        count = int(re.search(r"(\d+) functions", text).group(1))
        lines = session.emulator.clipboard.decode().split("\n")
        self.assertRegex(lines[0], r"^SELF\t.*\tFUNCTION\tLOCATION$")
        self.assertEqual([len(line.split("\t")) for line in lines[:-1]],
                         [lines[0].count("\t") + 1] * (count + 1))
        for line in lines[1:-1]:
            self.assertIn(line.split("\t")[-2][:20], text)
        self.assertEqual(self.yanked(), session.emulator.clipboard)
        self.close(session)

    def test_names_cannot_control_anything(self):
        """Nor is there an escape in the clipboard that a shell would get."""
        for script in ("j y", "3 Y", "j Y", "2 j Y"):
            session = self.open("odd", script, size=(160, 50))
            for text in (session.emulator.clipboard, self.yanked()):
                self.assertGreater(len(text), 5)
                self.assertNotRegex(text, rb"[\x00-\x08\x0b-\x1f\x7f]")
                text.decode()  # no broken UTF-8 either
            self.close(session)


class Pipes(Outside):
    def run_command(self, session, command):
        """Until the command has ended and the user is asked to go on."""
        self.type(session, "|" + command)
        session.send(b"\r")
        session.wait(lambda: ENTER in session.log, "the command has ended")
        self.assertFalse({1002, 1049} & session.emulator.modes)
        self.assertIn(25, session.emulator.modes)

    def come_back(self, session):
        count = len(session.mark_ends)
        session.send(b"\r")
        self.assertTrue(session.wait_mark(count + 1))
        self.assertTrue({1002, 1049} <= session.emulator.modes)

    def test_that_reads(self):
        """It gets what Y copies, sees a terminal in order, and the screen
        comes back as it was."""
        session = self.open(script="3 Y")
        wanted = self.oracle().cells((80, 24), ("3",))
        self.run_command(session, "cat >got; stty -a </dev/tty >modes; "
                         "echo it has run")
        self.assertIn(b"it has run", session.log)
        self.assertEqual(self.read("got"), self.yanked())
        self.assertRegex(self.read("modes"), rb"[^-]icanon.*[^-]echo ")
        self.come_back(session)
        self.assert_screen(session, wanted, "it is back")
        self.close(session)

    def test_that_sees_another_size(self):
        """The size is read again afterwards."""
        session = self.open(script="3")
        self.run_command(session, "true")
        session.set_size(100, 30)
        self.come_back(session)
        self.assert_screen(session, self.oracle().cells((100, 30), ("3",)),
                           "the new size")
        self.close(session)

    def test_that_dies(self):
        for command, said in (("kill -9 $$", "9|killed|KILL"),
                              ("exit 7", "status 7"),
                              ("no-such-command-here", "127")):
            with self.subTest(command):
                session = self.open(script="3")
                self.run_command(session, command)
                self.come_back(session)
                self.assertRegex(session.emulator.rows()[-2], said)
                self.close(session)

    def test_that_is_interrupted(self):
        session = self.open(script="3")
        self.type(session, "|sleep 1000")
        session.send(b"\r")
        session.wait(lambda: any(
            line.startswith(b"sleep\0")
            for line in processes_of(session.token).values()), "it sleeps")
        session.send(b"\x03")
        session.wait(lambda: ENTER in session.log, "it is interrupted")
        self.come_back(session)
        self.close(session)


class Background(Outside):
    """Without marks, as users have it: with them nothing is asked. Light and
    dark are told apart by what the viewer draws when COLORFGBG says so."""

    def ask(self, **variables):
        variables["VIZTRACER_TUI_MARK"] = None
        session = self.start(*self.command, variables=variables)
        session.wait(lambda: QUESTION in session.log, "it asks")
        return session

    def setUp(self):
        super().setUp()
        self.command = (VIZTRACER, "view", self.trace("app"))

    def shows(self, session, keys=(), **variables):
        wanted = self.oracle(**variables).cells((80, 24), keys)
        session.wait(lambda: session.emulator.cells() == wanted,
                     "the screen after %s with %s" % (keys, variables))

    def test_the_themes_differ(self):
        self.assertNotEqual(self.oracle().cells((80, 24)),
                            self.oracle(COLORFGBG="0;15").cells((80, 24)))

    def test_light(self):
        session = self.ask()
        session.send(b"\x1b]11;rgb:ffff/ffff/eeee\x1b\\" + ATTRIBUTES)
        self.shows(session, COLORFGBG="0;15")
        self.close(session)

    def test_dark_whatever_the_environment_says(self):
        session = self.ask(COLORFGBG="0;15")
        session.send(b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07" + ATTRIBUTES)
        self.shows(session)
        self.close(session)

    def test_lies(self):
        """No byte of an answer is a key, whatever it is; keys still are."""
        for answer in (b"\x1b]11;rgb:zz/qq/ww\x1b\\", b"\x1b]11;\x07",
                       b"\x1b]11;qQwwww\x1b\\", b"\x1b]4;1;rgb:00/00/00\x07",
                       b"\x1b]11;" + b"w" * 5000 + b"\x07",
                       b"\x1b[?1;2;99999999999999999999c"):
            with self.subTest(answer[:30]):
                session = self.ask()
                self.shows(session)
                session.send(answer + ATTRIBUTES + b"w")
                self.shows(session, ("w",))
                self.close(session)

    def test_silence(self):
        """Keys do not wait for an answer that never comes."""
        session = self.ask()
        session.send(b"w")
        self.shows(session, ("w",))
        self.close(session)

    def test_an_answer_at_the_end_is_not_left_to_the_shell(self):
        """A terminal that takes its time, but less than is allowed."""
        for _ in range(20):
            session = self.ask()
            self.shows(session)
            start = time.monotonic()
            session.send(b"Q")
            try:
                session.wait(session.has_ended, "", ANSWER_S / 4)
            except AssertionError:
                pass  # it waits
            has_waited = not session.has_ended()
            session.send(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\" + ATTRIBUTES)
            is_late = time.monotonic() - start > ANSWER_S
            check_clean_end(self, session, ("exited", 0))
            if not is_late:
                break  # else the machine was too busy to tell
        else:
            self.skipTest("the machine is too slow to answer in time")
        self.assertTrue(has_waited)
        os.set_blocking(session.slave, False)
        session.send(b"\n")
        self.assertEqual(os.read(session.slave, 1000), b"\n")


if __name__ == "__main__":
    main()
