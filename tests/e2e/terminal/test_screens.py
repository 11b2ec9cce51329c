# SPDX-License-Identifier: Apache-2.0
"""After every key the screen of a terminal is the one that the viewer draws
without a terminal, in text and style."""
import os
import random
import subprocess
import unittest
import zlib

import keys
from setting import VIZTRACER
from terminal_test import TerminalTest, is_known, main, text_of

SIZES = ((40, 10), (80, 24), (160, 50))

# (trace, keys); each is run at each size.
SCRIPTS = (
    ("app", "w w l l . . Enter d d D a A + - 0 f f f Home End u u C-r C-r"),
    ("app", "j j j k % } } { G g Space Space T T T T c c z M z R z a U"),
    ("processes", "j Space j Space } G w w w a A g z M End Home 0"),
    ("deep", "w w w j j j j j j j j j j j j j j j j j j l l f f k k"),
    ("odd", "w j j l l , . G k k h h T f f c s s"),
    ("many", "G k k k g C-d C-d C-u PgDn PgUp w w d d d d s s z M"),
    ("empty", "w l j Enter Esc 0"),
    ("app", "2 j j Enter l u Esc 3 j j G g 1 i j Tab j Esc i"),
    ("app", "? j j Esc / p r o Enter n n N Esc"),
)


def actions():
    """[(name, [keys of each way], views as digits)] from the viewer's own
    table."""
    table = []
    for line in subprocess.check_output(
            [VIZTRACER, "view", "--list_actions"],
            universal_newlines=True).splitlines():
        name, ways, views = (line.split("\t") + ["1"])[:3]
        table.append((name, [keys.sequence(way) for way in ways.split()],
                      views))
    return table


class Scripts(TerminalTest):
    def run_script(self, trace, script, size, *options, **variables):
        with self.subTest(trace=trace, size=size, script=script):
            session = self.view(trace, *options, size=size,
                                variables=variables)
            oracle = self.oracle(trace, *options, **variables)
            self.assert_screen(session, oracle.cells(size), "at first")
            self.assertEqual(session.emulator.bell_count, 0)
            self.press_and_compare(session, oracle, script.split())
            self.quit(session)

    def test_all_sizes(self):
        for size in SIZES:
            for trace, script in SCRIPTS:
                self.run_script(trace, script, size)

    def test_without_colours_and_in_ascii(self):
        for trace, script in SCRIPTS[:5]:
            self.run_script(trace, script, (80, 24), "--ascii")
            self.run_script(trace, script, (80, 24), NO_COLOR="1")
            self.run_script(trace, script, (40, 10), LC_ALL="C")

    def test_random_keys(self):
        """Long random walks, with the seed in the message."""
        every = [way for name, ways, _ in actions() for way in ways
                 if name != "quit" and way != ["C-z"]]
        for seed in range(3):
            choice = random.Random(seed)
            script = []
            while len(script) < 60:
                script += ["x" if word == "Any" else word
                           for word in choice.choice(every)]
            self.run_script(("app", "processes", "odd")[seed],
                            " ".join(word for word in script
                                     if word not in LEAVES), (80, 24))


# Keys whose effect is outside of the screen have tests of their own.
LEAVES = {"q", "Q", "F10", "C-z", "C-c", "e", "F5"}


IS_LONG = "VIZTRACER_TEST_LONG" in os.environ


class Actions(TerminalTest):
    # The action that waits for a key, and what else it may be asked.
    ANY = "x"

    def views_of(self, table):
        return sorted({view for _, _, views in table for view in views})

    def test_every_action_is_pressed(self):
        table = actions()
        pressed = set()
        for view in self.views_of(table):
            pressed |= self.press_all_of(table, view)
        pressed |= self.press_what_leaves(table)
        missing = {(name, "".join(way)) for name, ways, _ in table
                   for way in ways} - pressed
        self.assertEqual(missing, set(), "never pressed")

    def press_all_of(self, table, view):
        """Each way of each action that a view has, each followed by Esc. An
        action of several views is pressed in one of them, in a long run in
        all."""
        session, oracle = self.view(), self.oracle()
        before = ["j", "l", "w", "d"]
        if view != "1":
            before += [view, "j"]
        script = self.press_and_compare(session, oracle, before)
        pressed = set()
        for name, ways, views in table:
            chosen = views if IS_LONG else (
                views[zlib.crc32(name.encode()) % len(views)])
            for way in ways if view in chosen else ():
                if LEAVES & set(way):
                    continue
                words = [self.ANY if word == "Any" else word for word in way]
                script = self.press_and_compare(session, oracle,
                                                words + ["Esc"], script)
                if view != "1" and name.startswith("view"):
                    script = self.press_and_compare(session, oracle, [view],
                                                    script)
                pressed.add((name, "".join(way)))
        self.quit(session)
        return pressed

    def press_what_leaves(self, table):
        """What ends the viewer or is done by its host."""
        pressed = set()
        for name, ways, _ in table:
            for way in ways:
                if not LEAVES & set(way):
                    continue
                with self.subTest(name, way=way):
                    self.press_one_that_leaves(name, way)
                    pressed.add((name, "".join(way)))
        return pressed

    def press_one_that_leaves(self, name, way):
        session = self.view(variables={"EDITOR": "true"})
        if name == "quit":
            session.send(keys.encode(way[0]))
            self.assertEqual(session.wait_end(), ("exited", 0))
            return
        if name == "suspend":
            session.send(keys.encode(way[0]))
            session.wait_stopped()
            session.to_foreground()
        else:
            session.press(keys.encode(way[0]))
        self.quit(session)


class Spellings(TerminalTest):
    """Terminals send the same key in many ways."""

    WAYS = {
        "Up": (b"\x1b[A", b"\x1bOA"),
        "Down": (b"\x1b[B", b"\x1bOB"),
        "Right": (b"\x1b[C", b"\x1bOC"),
        "Left": (b"\x1b[D", b"\x1bOD"),
        "C-Up": (b"\x1b[1;5A", b"\x1bOa"),
        "C-Right": (b"\x1b[1;5C", b"\x1bOc"),
        "Home": (b"\x1b[H", b"\x1bOH", b"\x1b[1~", b"\x1b[7~"),
        "End": (b"\x1b[F", b"\x1bOF", b"\x1b[4~", b"\x1b[8~"),
        "F6": (b"\x1b[17~",),
        "F1": (b"\x1bOP", b"\x1b[11~", b"\x1b[[A"),
        "F4": (b"\x1bOS", b"\x1b[14~", b"\x1b[[D"),
        "BS": (b"\x7f", b"\x08"),
        "Enter": (b"\r", b"\n"),
        "w": (b"w", b"\x1b[27;1;119~", b"\x1b[119u"),
        "S-PgUp": (b"\x1b[5;2~",),
    }

    def test_all_of_them(self):
        before = ["j", "w", "w", "l"]
        for name, ways in self.WAYS.items():
            for way in ways:
                with self.subTest(name, way=way):
                    session, oracle = self.view(size=(40, 10)), self.oracle()
                    self.press_and_compare(session, oracle, before)
                    self.assertTrue(session.press(way))
                    self.assert_screen(
                        session, oracle.cells((40, 10), before + [name]), way)
                    self.quit(session)

    def test_of_other_scripts(self):
        session, oracle = self.view(), self.oracle()
        self.press_and_compare(session, oracle,
                               ["ä", "日", "é", "€", "M-x", "C-r", "Esc"])
        self.quit(session)


class NotKeys(TerminalTest):
    """What a terminal may send that is no key does nothing."""

    SEQUENCES = (
        b"\x1b[?62;c", b"\x1b[>41;354;0c", b"\x1b[12;40R", b"\x1b[8;24;80t",
        b"\x1b]11;rgb:0000/0000/0000\x07", b"\x1b]11;rgb:ffff/q/w\x1b\\",
        b"\x1bP1$r0m\x1b\\", b"\x1bP>|XTerm(367)\x1b\\", b"\x1b_Gqwd\x1b\\",
        b"\x1b^qqq\x1b\\", b"\x1b[I", b"\x1b[O", b"\x1b[999;999;999;999z",
        b"\x1b[<99;1;1M", b"\x1b[<0;99999999999;5M", b"\x1b[<0;0;0M",
        b"\x1b[" + b"1;" * 200 + b"q", b"\x1b[200~qQwd\x1b[201~",
        b"\x1b[200~\x1b[Aq\x03\x1b[201~", b"\x1b[1;2;3;4$q", b"\x1b[?1;2$y",
        b"\xff", b"\xc3(", b"\x80\x9b", b"\xed\xa0\x80", b"\0",
    )

    def test_changes_nothing(self):
        session, oracle = self.view(), self.oracle()
        self.press_and_compare(session, oracle, ["j", "w"])
        before = session.emulator.cells()
        for data in self.SEQUENCES:
            with self.subTest(data):
                if data in (b"\xc3(", b"\0"):
                    continue  # a key of its own comes after, or is one
                self.assertTrue(session.press(data))
                self.assert_screen(session, before, data)
        self.press_and_compare(session, oracle, ["d"], ["j", "w"])
        self.quit(session)

    def test_mouse_reports_are_no_keys_whatever_the_terminal_is_called(self):
        """ncurses takes reports apart by $TERM and lets `q` and `M` out."""
        rows = {}
        for name in filter(is_known, (
                "xterm-256color", "tmux-256color", "screen", "linux",
                "rxvt-unicode", "xterm-direct")):
            with self.subTest(name):
                session = self.view(variables={"TERM": name})
                for word in Mouse.SCRIPT.split():
                    self.do(session, word)
                rows[name] = text_of(session.emulator.cells())
                self.assertEqual(rows[name], rows["xterm-256color"])
                self.quit(session)


class Mouse(TerminalTest):
    SCRIPT = ("click@40,8 wheel-up@50,9 wheel-up@50,9 wheel-down@30,9 "
              "S-wheel-up@50,9 wheel-left@50,9 wheel-right@50,9 "
              "wheel-down@4,8 wheel-up@4,8 right@30,8 Esc "
              "press@30,8 drag@40,10 drag@55,11 release@55,11 Esc "
              "click@40,8 click@40,9 press@30,2 drag@60,2 release@60,2 u "
              "click@0,6 middle@30,8 click@79,23 Esc click@2,0 click@54,23")

    def test_screens(self):
        session, oracle = self.view(), self.oracle()
        self.press_and_compare(session, oracle, self.SCRIPT.split())
        self.quit(session)

    def test_everywhere(self):
        """A click on each kind of place, each view, at a small size."""
        session, oracle = self.view(size=(40, 10)), self.oracle()
        choice = random.Random(5)
        script = []
        for _ in range(60):
            kind = choice.choice(("click", "wheel-up", "wheel-down", "right",
                                  "press", "drag", "release"))
            # The last row has the key that quits.
            script.append("%s@%d,%d" % (kind, choice.randint(0, 39),
                                        choice.randint(0, 8)))
            if choice.random() < 0.1:
                script += ["Esc", choice.choice("123")]
        self.press_and_compare(session, oracle, script)
        self.quit(session)


class Resize(TerminalTest):
    SIZES = ((1, 1), (20, 5), (19, 5), (3, 50), (200, 60), (1, 60), (200, 1),
             (40, 10), (20, 4), (79, 23), (160, 50), (2, 2))

    def test_there_and_back(self):
        session, oracle = self.view(), self.oracle()
        oracle.first_size = 80, 24
        before = ["j", "w", "w", "l"]
        script = self.press_and_compare(session, oracle, before)
        first = session.emulator.cells()
        for size in self.SIZES:
            script = self.press_and_compare(session, oracle,
                                            ["@%dx%d" % size], script)
        script = self.press_and_compare(session, oracle, ["@80x24"], script)
        self.assert_screen(session, first, "back")
        self.press_and_compare(session, oracle, ["l", "d"], script)
        self.quit(session)

    def test_with_keys_between(self):
        """Whatever is open when the size changes."""
        choice = random.Random(3)
        session, oracle = self.view("processes"), self.oracle("processes")
        oracle.first_size = 80, 24
        script = []
        for word in ("w j ? @30x9 j Esc / @100x30 m @20x5 Esc i @50x20 2 j "
                     "@160x50 Enter 3 j @25x8 G 1 z @1x1 M @80x24").split():
            script.append(word)
            if choice.random() < 0.3:
                script.append("@%dx%d" % (choice.randint(1, 200),
                                          choice.randint(1, 60)))
        self.press_and_compare(session, oracle, script)
        self.quit(session)

    def test_quickly(self):
        """Sizes that change faster than frames are drawn."""
        session = self.view()
        first = session.emulator.cells()
        session.emulator.is_strict = False
        choice = random.Random(1)
        for _ in range(200):
            size = choice.randint(1, 200), choice.randint(1, 60)
            session.set_size(*size)
            session.pump(0)
        session.set_size(80, 24)
        session.press(b"\x0c")
        session.emulator.is_strict = True
        self.assert_screen(session, first, "back")
        self.quit(session)


if __name__ == "__main__":
    main()
