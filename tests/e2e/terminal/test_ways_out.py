# SPDX-License-Identifier: Apache-2.0
"""Twelve ways out of the viewer, and the terminal afterwards: its modes, its
line discipline, the exit status, what is left running."""
import os
import re
import signal
import unittest

import emulator
import keys
from session import processes_of
from setting import VIZTRACER
from terminal_test import TerminalTest, main
from ways_out import check_clean_end, check_terminal

# What the viewer asks of a terminal and has to give back.
MOUSE_AND_MORE = (1000, 1002, 1004, 1006, 2004)
SWITCH = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")


class WaysOut(TerminalTest):
    def open(self, **options):
        session = self.view(**options)
        for mode in MOUSE_AND_MORE + (1049,):
            self.assertIn(mode, session.emulator.modes)
        self.assertNotIn(25, session.emulator.modes, "the cursor is hidden")
        self.assertNotEqual(session.modes(), session.modes_before)
        self.assertTrue(session.press(b"w"))
        return session

    def test_quit_keys(self):
        for name in ("q", "Q", "F10"):
            with self.subTest(name):
                session = self.open()
                session.send(keys.encode(name))
                check_clean_end(self, session, ("exited", 0))

    def test_main_screen_is_put_back(self):
        session = self.start(
            "/bin/sh", "-c", 'echo before; "$0" view "$1"; echo "after $?"',
            VIZTRACER, self.trace("app"))
        session.wait_mark(1)
        self.assertNotIn("before", session.emulator.rows())
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))
        self.assertEqual([row for row in session.emulator.rows() if row],
                         ["before", "after 0"])

    def test_signals_that_ask_to_end(self):
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGPIPE"):
            with self.subTest(name):
                number = getattr(signal, name)
                session = self.open()
                session.signal(number)
                check_clean_end(self, session, ("signalled", number))

    def test_crashes(self):
        for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"):
            with self.subTest(name):
                number = getattr(signal, name)
                session = self.open()
                session.signal(number)
                check_clean_end(self, session, ("signalled", number))
                self.assertIn(b"viztracer: crashed", bytes(session.log))

    def test_a_signal_while_keys_come(self):
        """Whenever it comes, in the middle of a frame as well."""
        for i in range(10):
            session = self.open()
            session.send(b"wdlsj" * 20)
            session.signal((signal.SIGTERM, signal.SIGSEGV)[i % 2])
            session.wait_end()
            check_terminal(self, session)
            session.wait_nothing_left()

    def test_killed_and_started_again(self):
        """SIGKILL leaves a mess, which the next start cleans up."""
        session = self.start(
            "/bin/sh", "-c", '"$0" view "$1"; "$0" view "$1"', VIZTRACER,
            self.trace("app"))
        session.wait_mark(1)
        os.kill(self.viewer_of(session), signal.SIGKILL)
        killed_at = len(session.log)
        session.mark_ends = []  # the new one counts from one
        self.assertTrue(session.wait_mark(1))
        switched = [(int(number), match[2]) for match in
                    SWITCH.finditer(session.log[killed_at:])
                    for number in match[1].split(b";")]
        for mode in MOUSE_AND_MORE:
            self.assertLess(switched.index((mode, b"l")),
                            switched.index((mode, b"h")))
        session.send(b"q")
        self.assertEqual(session.wait_end(), ("exited", 0))
        self.assertEqual(session.emulator.modes - {12},
                         set(emulator.INITIAL_MODES))

    def viewer_of(self, session):
        """The pid of the viewer below the shell."""
        with open("/proc/%d/task/%d/children" % (session.pid, session.pid)) \
                as file:
            return int(file.read().split()[0])

    def test_stopped_and_continued(self):
        session, oracle = self.open(), self.oracle()
        for _ in range(2):
            session.send(b"\x1a")
            session.wait_stopped()
            check_terminal(self, session)
            session.to_foreground()
            for mode in MOUSE_AND_MORE + (1049,):
                self.assertIn(mode, session.emulator.modes)
            self.assertNotEqual(session.modes(), session.modes_before)
            self.assert_screen(session, oracle.cells((80, 24), ["w"]),
                               "continued")
        self.press_and_compare(session, oracle, ["d", "l"], ["w"])
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_stopped_from_outside_and_resized_meanwhile(self):
        session = self.open()
        session.signal(signal.SIGTSTP)
        session.wait_stopped()
        check_terminal(self, session)
        session.set_size(60, 20)
        session.to_foreground()
        self.assertEqual(len(session.emulator.rows()[0]) <= 60, True)
        small = session.emulator.cells()
        self.assertTrue(session.press(b"\x0c"))
        self.assert_screen(session, small, "redrawn")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_terminal_goes_away(self):
        session = self.open()
        session.hang_up()
        self.assertIn(session.events[-1]["event"], ("exited", "signalled"))
        session.wait_nothing_left()
        self.assertLess(session.cpu_s(), 1.5)

    def test_terminal_goes_away_and_hangups_are_ignored(self):
        """As below nohup: the end of the terminal shows as an error of read
        or write, which must not be tried for ever."""
        session = self.start("/bin/sh", "-c",
                             'trap "" HUP; exec "$0" view "$1"', VIZTRACER,
                             self.trace("app"))
        session.wait_mark(1)
        session.hang_up()
        session.wait_nothing_left()
        self.assertLess(session.cpu_s(), 1.5)


class Editor(TerminalTest):
    """`e` leaves the terminal to an editor and comes back."""

    # The editor that sees a terminal in order and says so.
    LOOK = """#!/bin/sh
stty -a >"$HOME/stty"
echo "$@" >"$HOME/words"
echo edited
read line
echo "$line" >"$HOME/line"
"""

    # The viewer is the parent, or that of a shell between them.
    KILL = """#!/bin/sh
pid=$PPID
while ! grep -q viztracer "/proc/$pid/comm"; do
    pid=$(cut -d" " -f4 "/proc/$pid/stat")
done
kill -9 "$pid"
"""

    def open(self, editor):
        path = os.path.join(self.folder, "editor")
        with open(path, "w") as file:
            file.write(editor)
        os.chmod(path, 0o755)
        source = os.path.join(self.folder, "app.py")
        with open(source, "w") as file:
            file.write("def work():\n    return 1\n\n\nwork()\n")
        kept = os.path.join(self.folder, "trace.vzt")
        done = self.record(VIZTRACER, "--quiet", "-o", kept, source)
        self.assertEqual(done.wait_end(), ("exited", 0))
        self.traces["edited"] = kept
        self.addCleanup(self.traces.pop, "edited")
        session = self.view("edited", variables={"EDITOR": path})
        self.assertTrue(session.press(b"j"))
        return session

    def come_back(self, session, count):
        self.assertTrue(session.wait_mark(count + 1))
        self.assertIn(1002, session.emulator.modes)
        self.assertIn(1049, session.emulator.modes)

    def test_that_ends_at_once(self):
        session = self.open("#!/bin/sh\nexit 0\n")
        before = session.emulator.cells()
        count = len(session.mark_ends)
        session.send(b"e")
        self.come_back(session, count)
        self.assertEqual(before[0], session.emulator.cells()[0])
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_that_talks(self):
        session = self.open(self.LOOK)
        count = len(session.mark_ends)
        session.send(b"e")
        session.wait(lambda: b"edited" in session.log, "the editor runs")
        self.assertNotIn(1002, session.emulator.modes)
        self.assertNotIn(1049, session.emulator.modes)
        self.assertIn(25, session.emulator.modes)
        session.send(b"typed\r")
        self.come_back(session, count)
        with open(os.path.join(self.folder, "line")) as file:
            self.assertEqual(file.read(), "typed\n")
        with open(os.path.join(self.folder, "stty")) as file:
            self.assertRegex(file.read(), r"[^-]icanon.*[^-]echo ")
        with open(os.path.join(self.folder, "words")) as file:
            self.assertRegex(file.read(), r"^\+[0-9]+ .*app\.py$")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_that_is_interrupted(self):
        """^C is for the editor."""
        session = self.open("#!/bin/sh\nsleep 1000\n")
        count = len(session.mark_ends)
        session.send(b"e")
        # Before its command runs, a shell may miss the key.
        session.wait(lambda: any(
            line.startswith(b"sleep\0")
            for line in processes_of(session.token).values()), "it sleeps")
        session.send(b"\x03")
        self.come_back(session, count)
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_that_fails(self):
        session = self.open("#!/bin/sh\nexit 3\n")
        count = len(session.mark_ends)
        session.send(b"e")
        self.come_back(session, count)
        self.assertRegex("\n".join(session.emulator.rows()), "status 3|3")
        session.send(b"q")
        check_clean_end(self, session, ("exited", 0))

    def test_that_kills_the_viewer(self):
        """The terminal had been left in order for the editor."""
        session = self.open(self.KILL)
        session.send(b"e")
        self.assertEqual(session.wait_end(), ("signalled", 9))
        check_terminal(self, session)
        session.wait_nothing_left()


if __name__ == "__main__":
    main()
