#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a file is, is seen from what is in it.

usage: test_inputs.py VIZTRACER
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

VIZTRACER = "viztracer"


def call(name, start, duration, tid=2):
    return {"pid": 1, "tid": tid, "ts": start, "ph": "X", "dur": duration,
            "name": name, "cat": "FEE"}


class InputTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else
                         json.dumps(data).encode())
        return path

    def run_command(self, *arguments):
        return subprocess.run([VIZTRACER, *map(str, arguments)], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)

    def export(self, *paths):
        """The calls that come out, by name, and what was said."""
        output = self.folder / "out.json"
        done = self.run_command("export", *paths, "-o", output)
        self.assertEqual(done.returncode, 0, done.stderr)
        events = json.loads(output.read_text())["traceEvents"]
        return sorted(e["name"] for e in events if e["ph"] == "X"), done.stderr

    def expect_refused(self, text, *paths):
        done = self.run_command("export", *paths, "-o", self.folder / "o.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(text, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_names_do_not_matter(self):
        data = json.dumps([call("f", 1, 2)]).encode()
        for name in ("a.json", "a.vzt", "a.txt", "a", "a.gz"):
            self.assertEqual(self.export(self.write(name, data))[0], ["f"])
            packed = self.write(name, gzip.compress(data))
            self.assertEqual(self.export(packed)[0], ["f"])
        trace = self.folder / "t.vzt"
        self.run_command("export", packed, "-o", trace)
        renamed = trace.rename(self.folder / "t.json")
        self.assertEqual(self.export(renamed)[0], ["f"])

    def test_inputs_of_all_kinds_are_one_trace(self):
        plain = self.write("plain.json", [call("f", 1, 2)])
        packed = self.write("packed", gzip.compress(json.dumps(
            {"traceEvents": [call("g", 5, 2)]}).encode()))
        trace = self.folder / "trace.vzt"
        self.run_command("export", self.write("h.json", [call("h", 7, 2)]),
                         "-o", trace)
        recording = self.folder / "recording"
        recording.mkdir()
        trace.rename(recording / "1.vzt")
        self.assertEqual(self.export(plain, packed, recording)[0],
                         ["f", "g", "h"])

    def test_view_shows_json(self):
        path = self.write("a.json", [call("interesting", 1, 2)])
        done = self.run_command("view", "--headless", "80x10", "--dump",
                                "text", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("interesting", done.stdout)

    def test_what_is_missing_is_said(self):
        text = json.dumps([call("f", 1, 2), call("g", 5, 2)])
        names, said = self.export(self.write("a.json", text[:-3].encode()))
        self.assertEqual(names, ["f"])
        self.assertIn(f"it ends at byte {len(text) - 3}", said)
        data = gzip.compress(b" " * 100000 + text.encode(), 0)
        names, said = self.export(self.write("a.gz", data[:-30]))
        self.assertEqual(names, ["f"])
        self.assertIn(f"are cut off at byte {len(data) - 30}", said)

    def test_what_is_no_trace_is_refused(self):
        self.expect_refused("neither like a .vzt file nor",
                            self.write("a.txt", b"hello"))
        self.expect_refused("neither like a .vzt file nor",
                            self.write("a.html", b"<!DOCTYPE html>"))
        self.expect_refused("is empty", self.write("e.json", b""))
        self.expect_refused("it is no JSON", self.write(
            "a.gz", gzip.compress(b"hello")))
        self.expect_refused('has no "traceEvents"', self.write("p.json", {}))
        self.expect_refused("has no events", self.write("l.json", []))
        self.expect_refused("No such file", self.folder / "none.json")
        good = self.write("good.json", [call("f", 1, 2)])
        self.expect_refused("has no events", good, self.write("l.json", []))

    def test_names_reach_no_terminal_as_they_are(self):
        path = self.write("a\x1b[31m.json", [call("\x1b[31mred\x07", 1, 2)])
        for arguments in (("view", "--headless", "80x10", "--dump", "text"),
                          ("export", "-o", self.folder / "x.json")):
            done = self.run_command(*arguments, path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("\x1b", done.stdout + done.stderr)
        broken = self.write("b\x1b[31m.json", b"[{]")
        done = self.run_command("view", broken)
        self.assertNotIn("\x1b", done.stderr)

    def test_a_folder_for_temporary_files_is_needed(self):
        path = self.write("a.json", [call("f", 1, 2)])
        done = subprocess.run(
            [VIZTRACER, "export", path, "-o", self.folder / "x.json"],
            env={"TMPDIR": str(self.folder / "none")}, check=False,
            stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("set TMPDIR", done.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    VIZTRACER = sys.argv.pop()
    unittest.main()
