# SPDX-License-Identifier: Apache-2.0
"""Defects that other viewers in a terminal have, each shown to be absent here.
tests/README.md lists where the others of them are tested."""
import os
import re
import time
import unittest

import keys
from setting import ROOT
from terminal_test import TerminalTest, main
from ways_out import check_clean_end

THIS = os.path.relpath(os.path.abspath(__file__), ROOT)
LONG = 5000
ESCAPE_S = 0.5  # others wait for a second and more


class Anchors(TerminalTest):
    def type(self, session, text):
        for character in text:
            self.assertTrue(session.press(character.encode()))

    def text(self, session):
        return "\n".join(session.emulator.rows())

    def finish(self, session):
        self.quit(session)
        check_clean_end(self, session, ("exited", 0))

    def test_anchor_defect_a_long_search_overruns_its_buffer(self):
        session = self.view()
        self.type(session, "/")
        session.send(b"\x1b[200~" + b"x" * LONG + b"\x1b[201~")
        session.send(b"y" * LONG)
        self.assertTrue(session.press(b"\x1b"))
        self.finish(session)

    def test_anchor_defect_moving_the_cursor_cancels_the_search(self):
        session = self.view()
        self.type(session, "/flush\rn")
        first = re.search(r"(\d+) of (\d+)|(\d+)/(\d+)", self.text(session))
        self.assertIsNotNone(first, self.text(session))
        self.type(session, "jjkkllwd0")
        self.assertIn("flush", self.text(session))
        self.type(session, "n")
        again = re.search(r"(\d+) of (\d+)|(\d+)/(\d+)", self.text(session))
        self.assertIsNotNone(again, self.text(session))
        self.assertEqual(again.group(2) or again.group(4),
                         first.group(2) or first.group(4))
        self.finish(session)

    def test_anchor_defect_a_paste_ends_it(self):
        """Wherever it comes; nor is it taken for keys."""
        wanted = self.oracle().cells((80, 24))
        session = self.view()
        session.send(b"\x1b[200~QQQ\rwww\x1b[201~")
        self.assertTrue(session.press(keys.encode("C-l")))
        self.assert_screen(session, wanted, "after a paste")
        self.finish(session)

    def test_anchor_defect_the_filter_takes_ascii_only(self):
        session = self.view("odd", size=(160, 24))
        self.type(session, "&漢\r")
        session.wait(lambda: "3 of 20 calls match" in self.text(session),
                     "the three functions of that name are left")
        self.finish(session)

    def test_anchor_defect_a_small_screen_blocks_the_start(self):
        session = self.view(size=(8, 2))
        self.assertTrue(session.resize(80, 24))
        self.assert_screen(session, self.oracle().cells((80, 24)),
                           "no key was asked for")
        self.finish(session)

    def test_anchor_defect_colours_change_with_each_drawing(self):
        session = self.view()
        before = session.emulator.cells()
        for _ in range(3):
            self.assertTrue(session.press(keys.encode("C-l")))
            self.assertEqual(session.emulator.cells(), before)
        self.finish(session)
        again = self.view()
        self.assertEqual(again.emulator.cells(), before)
        self.finish(again)

    def test_anchor_defect_the_window_sticks_to_the_selection(self):
        """The window moves on; an arrow says where the selection is."""
        session = self.view()
        for word in "w w w w j j j j D D D".split():
            self.do(session, word)
        ruler = session.emulator.rows()[2]
        self.assertNotIn(" 0 ", ruler)
        before = session.emulator.rows()
        self.do(session, "D")
        self.assertNotEqual(session.emulator.rows()[2], before[2])
        self.finish(session)

    def test_anchor_defect_escape_takes_a_second(self):
        """The best of some, since the machine may be busy."""
        session = self.view()
        best = ESCAPE_S * 2
        for _ in range(5):
            self.type(session, "/")
            start = time.monotonic()
            self.assertTrue(session.press(b"\x1b"))
            best = min(best, time.monotonic() - start)
        self.assertLess(best, ESCAPE_S)
        self.finish(session)

    def test_anchor_defect_the_first_key_afterwards_is_swallowed(self):
        session = self.view()
        session.send(b"Q")
        check_clean_end(self, session, ("exited", 0))
        os.set_blocking(session.slave, False)
        session.send(b"ls\n")
        self.assertEqual(os.read(session.slave, 1000), b"ls\n")

    def test_anchor_defect_a_frame_for_each_key_that_waits(self):
        """Keys that come together are one step of the screen."""
        session = self.view()
        count = len(session.mark_ends)
        session.send(b"j" * 40)
        self.assertTrue(session.wait_mark(count + 1))
        frames = session.log[session.mark_ends[count - 1]:].count(
            b"\x1b[?2026h")
        self.assertLessEqual(frames, 10)
        self.finish(session)


class Table(unittest.TestCase):
    def test_names_of_the_table_are_tests(self):
        with open(os.path.join(ROOT, "tests/README.md")) as file:
            text = file.read()
        defects = text.split("## Defects of others")[1]
        named = re.findall(r"`(tests/[^`]*)`: `(\w+)`", defects)
        self.assertGreater(len(named), 15)
        for path, name in named:
            with open(os.path.join(ROOT, path)) as file:
                self.assertIn(name, file.read(), path)
        for path in re.findall(r"`((?:tests|tools|bench)/[^`]*)`", text):
            self.assertTrue(os.path.exists(os.path.join(ROOT, path)), path)
        for name in dir(Anchors):
            if name.startswith("test_"):
                self.assertIn((THIS, name), named)


if __name__ == "__main__":
    main()
