# SPDX-License-Identifier: Apache-2.0
"""Bytes that a key may cost, and that nothing happens when nothing does. The
figures are printed; they depend on no clock."""
import os
import sys
import unittest

import keys
from terminal_test import TerminalTest, main

SMALL, LARGE = (80, 24), (160, 50)

# Kind of key: (keys, bytes at 80x24, bytes at 160x50). The median must hold
# it; one frame of a dense trace may cost a quarter more.
BUDGETS = {
    "cursor": ("l l h j j k . . ,", 500, 1024),
    "pan": ("d d d a a", 2048, 6144),
    "zoom": ("w w w s s + -", 2048, 6144),
    "page": ("D A 0 End Home G g", 6144, 16384),
    "redraw": ("C-l", 6144, 16384),
}
# Where they are pressed.
TRACES = {"app": "j w w", "processes": "j", "many": "j", "deep": "j w w"}


def say(text):
    print(text, file=sys.stderr)


def switches_of(pid):
    """How often a process slept of its own will, all threads together."""
    count = 0
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, task)) as file:
            for line in file:
                if line.startswith("voluntary_ctxt_switches"):
                    count += int(line.split()[1])
    return count


class Bytes(TerminalTest):
    def cost(self, session, name):
        """Bytes of the frames of one key."""
        before = len(session.mark_ends)
        self.assertTrue(session.press(keys.encode(name)))
        return sum(len(session.frame_bytes(i))
                   for i in range(before, len(session.mark_ends)))

    def test_of_a_key(self):
        for size, column in ((SMALL, 1), (LARGE, 2)):
            for kind, budget in BUDGETS.items():
                costs = []
                for trace, before in TRACES.items():
                    session = self.view(trace, size=size)
                    for name in before.split():
                        session.press(keys.encode(name))
                    costs += [(self.cost(session, name), trace, name)
                              for name in budget[0].split()]
                    self.quit(session)
                median = sorted(costs)[len(costs) // 2][0]
                say("%-7s %dx%d: median %d, most %d bytes (%s, %s) of %d" % (
                    (kind,) + size + (median,) + max(costs)
                    + (budget[column],)))
                with self.subTest(kind, size=size):
                    limit = budget[column]
                    self.assertLessEqual(median, limit)
                    self.assertLessEqual(max(costs)[0], limit + limit // 4,
                                         max(costs))

    def test_of_an_unbound_key_and_of_none(self):
        session = self.view()
        self.assertLessEqual(self.cost(session, "U"), 500)
        self.assertLessEqual(self.cost(session, "Esc"), 500)
        # Nothing changes: not a single byte, not even of the cursor.
        self.assertEqual(self.cost(session, "Esc"), 0)
        self.quit(session)


class Burst(TerminalTest):
    def test_is_painted_once(self):
        """Keys that came at once are one frame, two when the first of them
        were read alone."""
        for size in (SMALL, LARGE):
            session = self.view(size=size)
            single = self.cost_of(session, b"d")
            count, start = len(session.mark_ends), len(session.log)
            session.send(b"d" * 15 + b"w" * 15)
            session.wait_mark(count + 1)
            session.press(b"\x1b")
            frames = len(session.mark_ends) - count - 1
            size_bytes = len(session.log) - start
            say("burst   %dx%d: %d frame(s), %d bytes, one pan %d"
                % (size + (frames, size_bytes, single)))
            self.assertLessEqual(frames, 2)
            self.assertLessEqual(size_bytes, (4000, 12000)[size == LARGE])
            self.quit(session)

    def cost_of(self, session, data):
        before = len(session.log)
        session.press(data)
        return len(session.log) - before


class Idle(TerminalTest):
    def test_sleeps(self):
        """From one key to the next no thread wakes up, and nothing is
        written. The time between is that of another viewer's whole life."""
        session = self.view("processes")
        session.press(b"w")
        size = len(session.log)
        session.wait(lambda: self.is_asleep(session.pid), "it sleeps")
        switches = switches_of(session.pid)
        self.pass_time()
        self.assertEqual(switches_of(session.pid) - switches, 0)
        session.pump(0)
        self.assertEqual(len(session.log), size)
        self.quit(session)

    def is_asleep(self, pid):
        """All of its threads: the worker goes to sleep after the frame."""
        states = []
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/stat" % (pid, task)) as file:
                states.append(file.read().rpartition(")")[2].split()[0])
        return set(states) == {"S"}

    def pass_time(self):
        for _ in range(3):
            other = self.view("app")
            for _ in range(10):
                other.press(b"w")
                other.press(b"s")
            self.quit(other)


if __name__ == "__main__":
    main()
