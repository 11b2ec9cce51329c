# SPDX-License-Identifier: Apache-2.0
"""Kinds of terminals x locales x NO_COLOR x mouse: a short visit on each. The
screen is the one that is drawn without a terminal, and no byte is one that the
terminal does not have."""
import ast
import itertools
import os
import subprocess
import sys
import unittest

import emulator
import keys
from session import MARKS
from setting import VIZTRACER
from terminal_test import TerminalTest, is_known, main, text_of
from ways_out import check_clean_end

TERMINALS = ("xterm-256color", "xterm-direct", "tmux-256color", "screen",
             "linux", "vt100", "rxvt-unicode-256color")
WITHOUT_SCREEN = ("dumb", None, "no-such-terminal")

# Those of glibc itself, and those that localedef makes: name, source, charmap.
LOCALES = ("C", "C.UTF-8")
MADE_LOCALES = (("ja_JP.eucjp", "ja_JP", "EUC-JP"),
                ("ja_JP.utf8", "ja_JP", "UTF-8"),
                ("de_DE.iso88591", "de_DE", "ISO-8859-1"))

# Open, pan, search, help, another size; "quit" ends each.
VISIT = "w d l / f l u s h Enter n ? Esc @100x30 a"

# What a control sequence needs in the terminal's description.
NEEDS = {"b": "rep", "X": "ech", "@": "ich", "P": "dch", "L": "il", "M": "dl",
         "S": "indn", "T": "rin", "G": "hpa", "d": "vpa", "Z": "cbt",
         "r": "csr", "J": "ed", "K": "el", "A": "cuu", "B": "cud", "C": "cuf",
         "D": "cub", "H": "cup", "m": "sgr0"}
LESSER = {"ich": "ich1", "dch": "dch1", "il": "il1", "dl": "dl1",
          "cuu": "cuu1", "cud": "cud1", "cuf": "cuf1", "cub": "cub1",
          "cup": "home"}

# Terminals ignore private modes that they do not know; these are ours.
OWN_MODES = {"9", "1000", "1001", "1002", "1003", "1004", "1005", "1006",
             "1015", "2004", "2026"}


def is_utf8(locale):
    return locale.lower().endswith(("utf8", "utf-8"))


def make_locales(folder):
    """Names of those that could be made, and of those that could not."""
    made, missing = [], []
    for name, source, charmap in MADE_LOCALES:
        try:
            subprocess.run(["localedef", "-i", source, "-f", charmap,
                            os.path.join(folder, name)],
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            pass  # there is no localedef
        is_made = os.path.exists(os.path.join(folder, name, "LC_CTYPE"))
        (made if is_made else missing).append(name)
    return made, missing


class Description:
    """What a kind of terminal has, by terminfo. curses takes one a process."""

    PROGRAM = """
import curses, sys
curses.setupterm(sys.argv[1], 1)
print([curses.tigetnum("colors")] + [
    (curses.tigetstr(name) or b"").decode("latin-1")
    for name in sys.argv[2:]])
"""

    def __init__(self, name):
        names = sorted(set(NEEDS.values()) | set(LESSER.values())
                       | {"smcup", "rmcup", "civis", "cnorm", "smkx", "rmkx",
                          "smam", "rmam", "cvvis"})
        values = ast.literal_eval(subprocess.check_output(
            [sys.executable, "-c", self.PROGRAM, name] + names,
            universal_newlines=True))
        self.colours = max(values[0], 0)
        self.strings = dict(zip(names, values[1:]))

    def has(self, final):
        name = NEEDS.get(final)
        return name is not None and bool(
            self.strings[name] or self.strings.get(LESSER.get(name)))

    def mentions(self, sequence):
        return any(sequence in value for value in self.strings.values())


def colours_of(numbers):
    """Colours of a sequence of SGR numbers: the index of each."""
    found = []
    numbers = list(numbers)
    while numbers:
        number = numbers.pop(0)
        if number in (38, 48) and len(numbers) > 1:
            found.append(max(numbers[1], 256 if numbers[0] == 2 else 0))
            del numbers[:2]
        elif 30 <= number % 100 <= 37 and number < 40 or 40 <= number <= 47:
            found.append(number % 10)
        elif 90 <= number <= 97 or 100 <= number <= 107:
            found.append(8 + number % 10)
    return found


class Matrix(TerminalTest):
    descriptions = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made, missing = make_locales(cls.trace_folder)
        cls.locales = LOCALES + tuple(made)
        print("left out: terminals %s, locales %s" % (
            [name for name in TERMINALS if not is_known(name)], missing),
            file=sys.stderr)

    def setUp(self):
        super().setUp()
        self.environment["LOCPATH"] = self.trace_folder

    def description(self, terminal):
        if terminal not in self.descriptions:
            self.descriptions[terminal] = Description(terminal)
        return self.descriptions[terminal]

    def check_bytes(self, log, terminal, has_colour, has_utf8):
        known = self.description(terminal)
        limit = known.colours if has_colour else 0
        text = MARKS.sub(b"", log).decode()
        for match in emulator.TOKEN.finditer(text):
            sequence, final = match[0], match["final"]
            self.assertIsNone(match["osc"], sequence)
            if match["text"] is not None and not has_utf8:
                self.assertTrue(sequence.isascii(), sequence)
            if final == "m" and not match["mark"]:
                for colour in colours_of(
                        emulator.graphics_numbers(match["numbers"])):
                    self.assertLess(colour, limit, sequence)
            if final is None or known.mentions(sequence):
                continue
            if match["mark"] == "?" and final in "hl":
                self.assertLessEqual(
                    set(match["numbers"].split(";")) - {"7"}, OWN_MODES,
                    sequence)
            elif sequence not in ("\x1b[4l",):
                self.assertTrue(known.has(final), "%s has no %r"
                                % (terminal, sequence))

    def visit(self, terminal, locale, has_colour, has_mouse):
        variables = {"TERM": terminal, "LC_ALL": locale}
        if not has_colour:
            variables["NO_COLOR"] = "1"
        session = self.view(variables=variables)
        if self.description(terminal).colours < 8:
            variables["NO_COLOR"] = "1"  # it looks as though it were set
        oracle = self.oracle(**dict(variables, TERM="xterm-256color"))
        oracle.first_size = 80, 24
        done = []
        words = VISIT.split() + (["click@30,6"] if has_mouse else [])
        if not has_mouse:
            words.insert(0, "F12")
        for word in words:
            done.append(word)
            if word != "F12":
                self.do(session, word)
            else:
                self.assertTrue(session.press(keys.encode(word)))
            size = session.emulator.columns, session.emulator.lines
            self.assertEqual(text_of(session.emulator.cells()),
                             text_of(oracle.cells(size, done)), done)
        self.assertEqual(1002 in session.emulator.modes, has_mouse)
        session.send(b"Q")
        check_clean_end(self, session, ("exited", 0))
        self.check_bytes(session.log, terminal, has_colour,
                         is_utf8(locale))

    def test_a_visit_everywhere(self):
        for point in itertools.product(
                filter(is_known, TERMINALS), self.locales, (True, False),
                (True, False)):
            with self.subTest(point):
                self.visit(*point)

    def test_text_where_there_is_no_screen(self):
        for terminal, locale, has_colour in itertools.product(
                WITHOUT_SCREEN, self.locales, (True, False)):
            with self.subTest((terminal, locale, has_colour)):
                session = self.start(
                    VIZTRACER, "view", self.trace("app"),
                    variables={"TERM": terminal, "LC_ALL": locale,
                               "NO_COLOR": None if has_colour else "1"})
                check_clean_end(self, session, ("exited", 0))
                self.assertNotIn(b"\x1b", session.log)
                self.assertIn(b"MainThread", session.log)
                if not is_utf8(locale):
                    self.assertTrue(session.log.isascii())


if __name__ == "__main__":
    main()
