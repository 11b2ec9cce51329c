# SPDX-License-Identifier: Apache-2.0
"""The tests in a terminal fail when they should: on a viewer that gets one
thing wrong at a time."""
import os
import sys
import unittest

import ways_out
from emulator import BadOutput, Emulator
from setting import HERE, VIZTRACER
from terminal_test import TerminalTest, main


class Harness(TerminalTest):
    SCRIPT = ["w", "l", "j"]

    def fake(self, fault=""):
        session = self.start(
            sys.executable, os.path.join(HERE, "fake_viewer.py"),
            self.trace("app"), size=(40, 10),
            variables={"FAULT": fault, "VIZTRACER": VIZTRACER})
        session.wait_mark(1)
        return session

    def compare(self, fault):
        session = self.fake(fault)
        oracle = self.oracle()
        self.assert_screen(session, oracle.cells((40, 10), []), "at first")
        self.press_and_compare(session, oracle, self.SCRIPT)
        session.send(b"q")
        if fault == "child stays":
            session.deadline_s = 2
        ways_out.check_clean_end(self, session, ("exited", 0))

    def test_nothing_is_said_of_a_good_viewer(self):
        self.compare("")

    def test_faults_are_found(self):
        for fault, text in (("stale row", "row 5, column"),
                            ("no colours", "headless"),
                            ("no attributes", "headless"),
                            ("stray bytes", "unknown sequence|sequence"),
                            ("modes stay", "stay set"),
                            ("raw stays", "modes of the terminal"),
                            ("child stays", "no process is left"),
                            ("spins", "seconds of processor")):
            with self.subTest(fault):
                with self.assertRaisesRegex(AssertionError, text):
                    self.compare(fault)


class Strictness(unittest.TestCase):
    def test_what_no_program_should_send(self):
        for data in (b"\x1b[?1003h", b"\x1b[5q", b"\x1b[3J", b"\x1bc", b"\0",
                     b"\xff", b"\xc2\x9b1m", b"\x1b]0;title\x07",
                     b"\x1b(0", b"\x1b[81;1H", b"\x1b[38;5;256m",
                     b"\x1b[4h\x1b[9m", b"\x1bPq\x1b\\"):
            with self.subTest(data), self.assertRaises(BadOutput):
                Emulator(80, 24).feed(data)

    def test_sequences_may_come_in_pieces(self):
        data = ("\x1b[1;31mä\x1b[2;3H日本\x1b]777;idle;1\x07\x1b(B"
                "\x1b[?25l\x1b=").encode()
        whole, pieces = Emulator(8, 3), Emulator(8, 3)
        whole.feed(data)
        for i in range(len(data)):
            pieces.feed(data[i:i + 1])
        self.assertEqual(whole.rest, "")
        self.assertEqual(whole.cells(), pieces.cells())
        self.assertEqual(whole.rows(), ["ä", "  日本", ""])
        self.assertEqual(whole.marks, [1])


if __name__ == "__main__":
    main()
