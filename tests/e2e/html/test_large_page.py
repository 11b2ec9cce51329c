# SPDX-License-Identifier: Apache-2.0
"""A page of more calls than it has room for, and how long it takes to open.

    VIZTRACER=... PYTHON=... MAKE_TRACES=... MODULES=... python3 test_large_page.py
"""
import collections
import os
import re
import shlex
import sys
import unittest

from browser import CHROMIUM
from test_page import PageTest, VIZTRACER, duration_text

CALLS = 1200000  # of make_traces.c
FRAMES = """(count) => new Promise((resolve) => {
    const start = performance.now();
    let left = count;
    const step = () => {
        document.dispatchEvent(new KeyboardEvent("keydown",
            {key: left % 40 < 20 ? "d" : "a", bubbles: true}));
        if (--left > 0) requestAnimationFrame(step);
        else resolve((performance.now() - start) / count);
    };
    requestAnimationFrame(step);
})"""


def number(text):
    return int(text.replace(",", ""))


class Large(PageTest):
    def expect_left_out(self, events):
        """How many calls the timeline has; it says so for each thread."""
        note = self.text("#notes")
        kept = number(re.search(r"the ([\d,]+) longest", note)[1])
        left = number(re.search(r"; ([\d,]+) calls shorter than", note)[1])
        self.assertEqual(kept + left, CALLS)
        self.assertTrue(900000 < kept <= 1000000, kept)
        durations = sorted((event["dur"] for event in events), reverse=True)
        self.assertIn("shorter than %s are"
                      % duration_text(durations[kept - 1]), note)
        self.assertLess(durations[kept], durations[kept - 1])
        rows = self.browser.call("""() => [...document.querySelectorAll(
            ".track .row-name")].map((row) => row.textContent)""")
        self.assertEqual(
            sum(number(re.search(r"([\d,]+) shorter ones not drawn", row)[1])
                for row in rows), left)
        return kept

    def measure(self, kept, spent, answered):
        frame = self.browser.call(FRAMES, 60)
        self.browser.key("0")
        frame_all = self.browser.call(FRAMES, 60)
        size = os.path.getsize(self.page)
        self.assertLess(size, 12e6)
        print("%d calls, %d drawn: page of %.1f MB ready after %.0f ms, "
              "answers a key after %.0f ms; a frame %.1f ms zoomed in, %.1f ms "
              "of the whole"
              % (CALLS, kept, size / 1e6, spent, answered, frame, frame_all),
              file=sys.stderr)

    def test_says_what_it_leaves_out(self):
        trace = self.make_trace("large")
        spent = self.open(trace)
        answered = self.browser.answer()
        events = [event for event in self.events(trace) if event["ph"] == "X"]
        kept = self.expect_left_out(events)
        calls = collections.Counter(event["name"] for event in events)
        self.assertEqual(
            {"%s (%s)" % key: row["calls"]
             for key, row in self.function_rows().items()}, calls)
        self.measure(kept, spent, answered)
        self.search("function_7")
        self.assertEqual(self.text("#details-title"), "function_7")
        self.assert_no_problems()

    def test_names_the_command_that_shows_them(self):
        self.open(self.make_trace("large"))
        for _ in range(8):
            self.browser.key("w")
        command = shlex.split(self.text("#narrow-command"))
        self.assertEqual(command[0], "viztracer")
        done = self.run_command(VIZTRACER, *command[1:])
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.browser.open(self.path("part.html"), {})
        self.assertEqual(self.state(), "ready")
        self.assertNotIn("left out", self.text("#notes"))
        calls = number(re.search(r"([\d,]+) calls", self.text("#facts"))[1])
        self.assertTrue(1000 < calls < CALLS / 10, calls)
        self.assert_no_problems()


if __name__ == "__main__":
    if CHROMIUM is None:
        print("SKIPPED: no chromium; tools/packages.sh test installs it")
        sys.exit(77)
    unittest.main()
