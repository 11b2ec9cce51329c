# SPDX-License-Identifier: Apache-2.0
"""What the viewer draws without a terminal: the oracle of the live screens."""
import subprocess

import emulator
from setting import DEADLINE_S, VIZTRACER


def run(arguments, environment):
    done = subprocess.run((VIZTRACER, "view", "--quiet") + tuple(arguments),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment,
                          timeout=DEADLINE_S)
    if done.returncode != 0 or done.stderr:
        raise AssertionError("%s: status %d, %s" % (
            " ".join(arguments), done.returncode, done.stderr.decode()))
    return done.stdout


def row_cells(line, style=emulator.PLAIN):
    """The cells of a line of text with SGR sequences that begins in a style,
    and the style at its end."""
    row = []
    for match in emulator.TOKEN.finditer(line):
        if match["final"] == "m":
            style = emulator.select_graphics(
                style, emulator.graphics_numbers(match["numbers"]))
            continue
        if match["text"] is None:
            raise AssertionError("%r in %r" % (match[0], line))
        for character in match["text"]:
            width = emulator.width_of(character)
            if width == 0:
                at = len(row) - 1
                while row[at][0] == "":
                    at -= 1
                row[at] = (row[at][0] + character, row[at][1])
                continue
            row.append((character, style))
            row.extend([("", style)] * (width - 1))
    return [emulator.appearance(*cell) for cell in row], style


def cells(dump, columns):
    """The cells of "--dump ansi", as Emulator.cells() gives them."""
    rows = []
    for line in dump.decode().split("\n")[:-1]:
        row, _ = row_cells(line)
        if len(row) != columns:
            raise AssertionError("%d columns in %r" % (len(row), line))
        rows.append(row)
    return rows


class Oracle:
    """Screens of a trace after keys; each is made once."""

    def __init__(self, paths, environment, options=()):
        self.paths = [paths] if isinstance(paths, str) else list(paths)
        self.environment = environment
        self.options = list(options)
        self.first_size = None  # where words change the size
        self.known = {}

    def cells(self, size, words=()):
        """The cells of a screen that has that size after the words; it begins
        with the size before the first "@"."""
        asked = (size, tuple(words))
        if asked not in self.known:
            self.known[asked] = cells(run(self.paths + self.options + [
                "--headless", "%dx%d" % (self.first_size or size),
                "--dump", "ansi", "--keys", " ".join(words)],
                self.environment), size[0])
        return self.known[asked]
