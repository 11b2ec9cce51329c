# SPDX-License-Identifier: Apache-2.0
"""`viztracer --tui app.py`: the program has the terminal, then the viewer; in
the end the status is the program's."""
import os
import signal
import unittest

import emulator
from setting import VIZTRACER
from terminal_test import TerminalTest, main
from ways_out import check_clean_end, check_terminal

WORK = """
import os, signal, sys, time
def work():
    return sum(range(50000))
def main():
    for _ in range(100): # much longer than what is imported
        work()
"""


class RecordAndView(TerminalTest):
    def run_program(self, code, *options, **session_options):
        path = os.path.join(self.folder, "app.py")
        with open(path, "w") as file:
            file.write(WORK + code)
        return self.record(VIZTRACER, "--tui", *options, path,
                           **session_options)

    def wait_viewer(self, session):
        self.assertTrue(session.wait_mark(1), session.log[-500:])
        text = "\n".join(session.emulator.rows())
        self.assertIn("MainThread", text)
        self.assertIn(1049, session.emulator.modes)

    def wait_text(self, session, text):
        session.wait(lambda: text in session.log, "%r is written" % text)

    def check_recorded(self, session):
        self.wait_viewer(session)
        self.assertIn("main", "\n".join(session.emulator.rows()))

    def test_input_and_output_are_the_programs(self):
        session = self.run_program(
            "main()\n"
            "print([os.isatty(n) for n in range(3)], input('name? '))\n")
        self.wait_text(session, b"name? ")
        self.assertNotIn(b"\x1b", session.log)
        session.send(b"somebody\n")
        self.wait_text(session, b"[True, True, True] somebody\r\n")
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertIn("[True, True, True] somebody",
                      session.emulator.rows())

    def test_statuses_are_the_programs(self):
        for code, status in (
                ("main(); sys.exit(3)", ("exited", 3)),
                ("main(); 1/0", ("exited", 1)),
                ("main(); os._exit(5)", ("exited", 5)),
                ("main(); os.kill(os.getpid(), 9)", ("signalled", 9)),
                ("main(); os.kill(os.getpid(), 11)", ("signalled", 11)),
                ("main(); os.kill(os.getpid(), 15)", ("signalled", 15)),
                ("main(); import faulthandler; os.abort()",
                 ("signalled", 6))):
            with self.subTest(code):
                session = self.run_program(code)
                self.check_recorded(session)
                session.send(b"q")
                check_clean_end(self, session, status)

    def test_what_the_program_printed_last_is_seen_again(self):
        session = self.run_program("main()\n1/0\n")
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 1))
        self.assertIn("ZeroDivisionError",
                      "\n".join(session.emulator.rows()))

    def test_interrupt_is_the_programs(self):
        session = self.run_program(
            "try:\n    main()\n    print('go', flush=True)\n"
            "    signal.pause()\nexcept KeyboardInterrupt:\n"
            "    print('interrupted', flush=True)\n    sys.exit(7)\n")
        self.wait_text(session, b"go\r\n")
        session.send(b"\x03")
        self.wait_text(session, b"interrupted")
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 7))

    def test_interrupt_that_kills_the_program(self):
        session = self.run_program(
            "signal.signal(2, signal.SIG_DFL)\nmain()\n"
            "print('go', flush=True)\nsignal.pause()\n")
        self.wait_text(session, b"go\r\n")
        session.send(b"\x03")
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("signalled", signal.SIGINT))

    def test_a_program_that_leaves_the_terminal_raw(self):
        session = self.run_program(
            "main()\nimport tty\ntty.setraw(0)\n"
            "os.write(1, b'\\x1b[?1002h\\x1b[?25l')\nos._exit(2)\n")
        self.check_recorded(session)
        self.assertTrue(session.press(b"w"))
        session.send(b"q")
        check_clean_end(self, session, ("exited", 2))

    def test_input_and_output_are_files(self):
        given = os.open(os.path.join(self.folder, "in"),
                        os.O_RDWR | os.O_CREAT, 0o600)
        taken = os.open(os.path.join(self.folder, "out"),
                        os.O_RDWR | os.O_CREAT, 0o600)
        os.write(given, b"line 1\nline 2\n")
        os.lseek(given, 0, os.SEEK_SET)
        session = self.run_program(
            "main()\nfor line in sys.stdin:\n    print(line.upper(), end='')\n"
            "sys.exit(4)\n", files=(given, taken, None))
        self.check_recorded(session)
        self.assertTrue(session.press(b"w"))
        session.send(b"q")
        check_clean_end(self, session, ("exited", 4))
        with open(os.path.join(self.folder, "out"), "rb") as file:
            self.assertEqual(file.read(), b"LINE 1\nLINE 2\n")
        os.close(given)
        os.close(taken)

    def test_a_pipeline(self):
        """`... | viztracer --tui app.py | sort` in a shell."""
        with open(os.path.join(self.folder, "app.py"), "w") as file:
            file.write(WORK + "main()\nfor line in sys.stdin:\n"
                       "    print(line, end='')\n")
        session = self.record(
            "/bin/sh", "-c", 'printf "b\\na\\n" | "$0" --tui app.py | '
            'sort >out; echo "sorted $?"', VIZTRACER)
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertIn("sorted 0", session.emulator.rows())
        with open(os.path.join(self.folder, "out")) as file:
            self.assertEqual(file.read(), "a\nb\n")

    def test_a_program_that_recorded_nothing(self):
        session = self.run_program("os._exit(6)\n")
        if session.wait_mark(1):
            session.send(b"q")
        check_clean_end(self, session, ("exited", 6))

    def test_a_program_that_cannot_be_started(self):
        session = self.record(VIZTRACER, "--tui", "absent.py")
        event, status = session.wait_end()
        self.assertEqual((event, status), ("exited", 127))
        self.assertNotIn(b"\x1b[?", session.log)

    def test_without_a_terminal_it_says_so_before_it_runs(self):
        session = self.run_program(
            "main()\nprint('ran')\nsys.exit(3)\n",
            variables={"TERM": "dumb"})
        self.assertEqual(session.wait_end(), ("exited", 3))
        self.assertNotIn(b"\x1b", session.log)
        said = session.log.partition(b"ran\r\n")[0]
        self.assertIn(b"--tui will show nothing", said)
        self.assertIn(b"TERM", said)
        check_terminal(self, session)

    def test_the_result_is_kept_as_well(self):
        path = os.path.join(self.folder, "kept.vzt")
        session = self.run_program("main()\n", "-o", path)
        self.check_recorded(session)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertTrue(os.path.exists(path))
        self.assertEqual(session.emulator.modes - {12},
                         set(emulator.INITIAL_MODES))

    def test_what_was_written_is_opened(self):
        for name in ("kept.vzt", "kept.json", "kept.html"):
            with self.subTest(name):
                path = os.path.join(self.folder, name)
                app = os.path.join(self.folder, "app.py")
                with open(app, "w") as file:
                    file.write(WORK + "main()\nsys.exit(4)\n")
                session = self.record(VIZTRACER, "--open", "-o", path, app)
                self.check_recorded(session)
                self.assertTrue(os.path.exists(path))
                self.assertIn(name, session.emulator.rows()[0])
                session.send(b"q")
                check_clean_end(self, session, ("exited", 4))


if __name__ == "__main__":
    main()
