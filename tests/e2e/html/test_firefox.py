# SPDX-License-Identifier: Apache-2.0
"""HTML reports in headless Firefox: drawn, and nothing in its console.

    VIZTRACER=... PYTHON=... MAKE_TRACES=... python3 test_firefox.py
"""
import os
import struct
import sys
import unittest
import zlib

from firefox import FIREFOX, Firefox
from test_page import APP, MARKUP, PageTest

COLOURS = """(selector) => {
    const canvas = document.querySelector(selector);
    const { data } = canvas.getContext("2d").getImageData(
        0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4)
        colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return colours.size;
}"""


def rows_of_picture(path):
    """The lines of a PNG of 8 bits a channel, as they are filtered."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[at + 8:at + 16])
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += size + 12
    raw = zlib.decompress(packed)
    line = len(raw) // height
    return width, [raw[i * line:(i + 1) * line] for i in range(height)]


class InFirefox(PageTest):
    @classmethod
    def setUpClass(cls):
        pass  # no Chromium

    def page(self, trace):
        page = self.path("page.html")
        done = self.viztracer("export", trace, "-o", page)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return page

    def start(self, page, **options):
        firefox = Firefox(**options)
        self.addCleanup(firefox.close)
        firefox.open(page)
        firefox.wait("document.body.dataset.state !== 'loading'")
        self.assertEqual(
            firefox.call("() => document.body.dataset.state"), "ready",
            firefox.call("() => document.getElementById('notes').textContent"))
        return firefox

    def test_is_drawn(self):
        page = self.page(self.record(APP))
        firefox = self.start(page)
        self.assertGreater(firefox.call(COLOURS, ".track canvas"), 8)
        self.assertGreater(firefox.call(COLOURS, "#axis canvas"), 2)
        firefox.call("""() => {
            const text = document.getElementById("search-text");
            text.value = "Cart.total";
            text.dispatchEvent(new Event("input"));
            document.getElementById("search-next").click();
        }""")
        self.assertEqual(firefox.call(
            "() => document.getElementById('search-count').textContent"),
            "1 of 15 found")
        self.assertEqual(firefox.call(
            "() => document.querySelector('.source .is-first').textContent"),
            "    def total(self, items):")
        shot = self.path("shot.png")
        firefox.shot(shot)
        width, rows = rows_of_picture(shot)
        self.assertGreater(width, 1000)
        self.assertGreater(len(set(rows)), len(rows) / 4)
        for tab in ("flame", "functions"):
            firefox.call("(id) => document.getElementById(id).click()",
                         "tab-" + tab)
        self.assertEqual(firefox.problems(page), [])

    def test_dark_and_narrow(self):
        page = self.page(self.record(APP))
        firefox = self.start(page, is_dark=True, size=(500, 800))
        self.assertNotEqual(
            firefox.call("() => getComputedStyle(document.body)"
                         ".backgroundColor"), "rgb(255, 255, 255)")
        self.assertTrue(firefox.call(
            "() => document.documentElement.scrollWidth <= innerWidth"))
        self.assertEqual(firefox.problems(page), [])

    def test_names_are_text(self):
        page = self.page(self.make_trace("hostile"))
        firefox = self.start(page)
        self.assertEqual(firefox.call(
            "() => document.getElementById('title').textContent"),
            "process" + MARKUP)
        self.assertEqual(firefox.call(
            "() => document.querySelectorAll('img').length"), 0)
        self.assertEqual(firefox.problems(page), [])

    def test_a_violation_would_be_seen(self):
        path = self.path("bad.html")
        with open(path, "w") as file:
            file.write("<!DOCTYPE html><meta http-equiv=Content-Security-Policy"
                       " content=\"default-src 'none'\">"
                       "<body data-state=ready><p id=notes><script>alert(1)</script>")
        firefox = self.start(path)
        self.assertNotEqual(firefox.problems(path), [])


if __name__ == "__main__":
    if FIREFOX is None:
        print("SKIPPED: no firefox; tools/packages.sh test installs it")
        sys.exit(77)
    unittest.main()
