# SPDX-License-Identifier: Apache-2.0
"""What :w and :export of the viewer write: what lies in the scope and what the
filter leaves, whole or not at all."""
import json
import os
import subprocess
import unittest

from setting import VIZTRACER
from terminal_test import TerminalTest, main

FORMATS = (".json", ".json.gz", ".vzt", ".vzt.gz", ".html", ".csv", ".folded",
           ".speedscope.json", ".pftrace", ".pstats", ".callgrind")
SUMS = (".csv", ".folded", ".pstats", ".callgrind")

# A call of the main thread becomes the area, and that the scope.
SCOPE = ". . . . . j j j R S"
START_US, END_US = 900, 4460
ROUNDED = 1e-6  # what sums of microseconds may be off by
SCOPE_QUERY = "thread:MainThread ts:%dus..%dus" % (START_US, END_US)


class Files(TerminalTest):
    def run_tool(self, *arguments):
        return subprocess.check_output([VIZTRACER] + list(arguments),
                                       cwd=self.folder, env=self.environment,
                                       stderr=subprocess.DEVNULL)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def events(self, path):
        """The calls of a file of JSON: [(start, end, thread, name)]."""
        with open(os.path.join(self.folder, path)) as file:
            events = json.load(file)["traceEvents"]
        return sorted((event["ts"], event["ts"] + event["dur"], event["tid"],
                       event["name"])
                      for event in events if event["ph"] == "X")

    def count(self, path, *options):
        """How many calls are in a trace."""
        report = json.loads(self.run_tool("report", "--json", *options,
                                          path).decode())
        return report["facts"]["calls"]

    def type(self, session, text):
        for character in text:
            self.assertTrue(session.press(character.encode()))
        self.assertTrue(session.press(b"\r"))

    def says(self, session, text):
        session.wait(lambda: any(text in row
                                 for row in session.emulator.rows()),
                     "the screen says " + text)

    def open(self, script="", size=(160, 24)):
        session = self.view(size=size)
        for word in script.split():
            self.do(session, word)
        return session

    def test_of_everything(self):
        session = self.open()
        self.type(session, ":w all.json")
        self.says(session, "wrote all.json")
        self.run_tool("export", "-o", "wanted.json", self.trace("app"))
        self.assertEqual(self.events("all.json"), self.events("wanted.json"))
        self.assertGreater(len(self.events("all.json")), 100)
        self.quit(session)

    def test_of_a_scope(self):
        """As many calls as touch the scope, by looking at each of them."""
        session = self.open(SCOPE)
        self.type(session, ":w part.json")
        self.says(session, "wrote part.json: only what is in scope")
        self.type(session, ":export part.vzt")
        self.says(session, "wrote part.vzt: only what is in scope")
        self.quit(session)
        self.run_tool("export", "-o", "all.json", self.trace("app"))
        every = self.events("all.json")
        first = every[0][0]
        thread = next(tid for start, end, tid, name in every
                      if name.startswith("<module>"))
        wanted = [(max(start - first, START_US), name)
                  for start, end, tid, name in every if tid == thread
                  and start - first < END_US - ROUNDED
                  and end - first > START_US + ROUNDED]
        self.assertTrue(3 < len(wanted) < len(every) / 2, wanted)
        part = self.events("part.json")
        self.assertEqual(sorted(name for _, _, _, name in part),
                         sorted(name for _, name in wanted))
        for start, end, _, _ in part:
            self.assertGreaterEqual(start - first, START_US - ROUNDED)
            self.assertLessEqual(end - first, END_US + ROUNDED)
        # Those that had begun before are in the file, open on both sides; a
        # report counts where calls begin.
        begun = sum(start - first >= START_US - ROUNDED
                    for start, _, tid, name in every
                    if tid == thread and start - first < END_US - ROUNDED)
        self.assertEqual(self.count("part.vzt"), begun)
        self.assertEqual(self.count(self.trace("app"), "--scope", SCOPE_QUERY),
                         begun)

    def test_of_a_filter_in_a_scope(self):
        session = self.open()
        self.type(session, "&name:flush")
        self.type(session, ":w filtered.vzt")
        self.says(session, "wrote filtered.vzt: only what the filter leaves")
        self.assertEqual(
            self.count("filtered.vzt"),
            self.count(self.trace("app"), "--scope", "name:flush"))
        self.quit(session)
        session = self.open(SCOPE)
        self.type(session, "&name:flush")
        self.type(session, ":w both.vzt")
        self.says(session, "leaves of the scope")
        both = self.count("both.vzt")
        self.assertEqual(both, self.count(
            self.trace("app"), "--scope", SCOPE_QUERY + " name:flush"))
        self.assertTrue(0 < both < self.count("filtered.vzt"), both)

    def test_each_format(self):
        session = self.open(SCOPE)
        known = subprocess.run(
            [VIZTRACER, "export", "in", "-o", "out.unknown"],
            stderr=subprocess.PIPE).stderr.decode()
        for suffix in known.split("is none of ")[1].split(", "):
            self.assertIn(suffix.strip().replace("[.gz]", ""), FORMATS)
        for suffix in FORMATS:
            self.type(session, ":w part" + suffix)
            self.says(session, "wrote part%s: only" % suffix)
            self.run_tool("export", "--scope", SCOPE_QUERY, "-o",
                          "wanted" + suffix, self.trace("app"))
            self.assertGreater(len(self.read("part" + suffix)), 0)
            if suffix in SUMS:
                self.assertEqual(self.read("part" + suffix),
                                 self.read("wanted" + suffix))
        self.quit(session)

    def test_nothing_is_lost(self):
        """Another file stays unless "!" says otherwise; what cannot be written
        leaves nothing behind."""
        with open(os.path.join(self.folder, "mine.json"), "w") as file:
            file.write("mine")
        before = set(os.listdir(self.folder))
        for script in ("", SCOPE):
            session = self.open(script)
            self.type(session, ":w mine.json")
            self.says(session, "mine.json is there already")
            self.type(session, ":w x.unknown")
            self.says(session, "x.unknown is none of")
            self.type(session, ":w no/such/x.json")
            self.says(session, "no/such/x.json")
            self.assertEqual(self.read("mine.json"), b"mine")
            self.assertEqual({name for name in os.listdir(self.folder)
                              if not name.startswith("state-")}, before)
        self.type(session, ":w! mine.json")
        self.says(session, "wrote mine.json")
        self.assertGreater(len(self.events("mine.json")), 3)
        self.quit(session)

    def test_that_is_stopped(self):
        """Too early or too late: what is said is true."""
        for suffix in (".vzt", ".json", ".html"):
            for script in ("", SCOPE):
                session = self.open(script)
                for character in ":w! stopped" + suffix:
                    self.assertTrue(session.press(character.encode()))
                session.send(b"\r\x03")
                session.wait(lambda: any(
                    "wrote stopped" in row or "nothing was written" in row
                    for row in session.emulator.rows()), "it is over")
                path = os.path.join(self.folder, "stopped" + suffix)
                is_said = any("wrote stopped" in row
                              for row in session.emulator.rows())
                self.assertEqual(is_said, os.path.exists(path))
                if is_said:
                    os.unlink(path)
                self.quit(session)


if __name__ == "__main__":
    main()
