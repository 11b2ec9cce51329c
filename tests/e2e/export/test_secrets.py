# SPDX-License-Identifier: Apache-2.0
"""--no_source and --no_args keep out what they say, of every format, whether
they are given when recording or when exporting.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer python3 test_secrets.py
"""
import base64
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zlib

VIZTRACER = os.path.abspath(os.environ["VIZTRACER"])

# Long, so that no compressor cuts them, and each in its own place.
PROGRAM = """
import sys
from viztracer import get_tracer
# source-secret-0123456789
def work():
    recorder = get_tracer()
    recorder.add_instant("visible instant", {"key": "args-secret-" + DIGITS})
    recorder.add_object("N", 1, "visible object")
    recorder.add_object("O", 1, "visible object",
                        {"snapshot": {"password": "args-secret-" + DIGITS}})
    print("args-secret-printed-" + DIGITS)
DIGITS = "0123456789"
work()
"""
CALL = """{"traceEvents": [
{"ph": "X", "pid": 1, "tid": 1, "ts": 1.0, "dur": 5.0, "cat": "FEE",
 "name": "visible (/a.py:1)",
 "args": {"func_args": {"key": "args-secret-0123456789"}}},
{"ph": "b", "pid": 1, "tid": 1, "ts": 1.5, "id": 1, "cat": "c",
 "name": "visible span", "args": {"url": "args-secret-0123456789"}},
{"ph": "n", "pid": 1, "tid": 1, "ts": 1.6, "id": 1, "cat": "c",
 "name": "visible step", "args": {"url": "args-secret-0123456789"}},
{"ph": "e", "pid": 1, "tid": 1, "ts": 1.7, "id": 1, "cat": "c",
 "name": "visible span", "args": {"status": "args-secret-0123456789"}},
{"ph": "i", "pid": 1, "tid": 1, "ts": 2.0, "s": "t",
 "name": "logging - args-secret-logged-0123456789"},
{"ph": "i", "pid": 1, "tid": 1, "ts": 3.0, "s": "t",
 "name": "Exception - args-secret-raised-0123456789"}],
 "file_info": {"files": {"/a.py": ["# source-secret-0123456789", 1]},
               "functions": {"visible (/a.py:1)": ["/a.py", 1]}}}
"""


def run(*arguments, **options):
    done = subprocess.run([VIZTRACER, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60, **options)
    assert done.returncode == 0 or b"VIZTRACER_HTML" in done.stderr, (
        arguments, done.stderr)
    return done


def formats():
    known = subprocess.run(
        [VIZTRACER, "export", "in", "-o", "out", "--format", ""],
        stderr=subprocess.PIPE).stderr.decode()
    return known.strip().split("there are ")[1].split(", ") + ["vzt.gz"]


def inflate(data):
    """All that is in the bytes, also in what a page has compressed inside."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    parts = [data]
    for text in re.findall(rb"[A-Za-z0-9+/]{64,}={0,2}", data):
        for wbits in (15, -15, 31):
            try:
                parts.append(zlib.decompressobj(wbits).decompress(
                    base64.b64decode(text + b"=" * (-len(text) % 4))))
                break
            except (zlib.error, ValueError):
                pass
    return b"\n".join(parts)


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="viztracer-secrets-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = os.path.join(cls.folder, "app.py")
        with open(cls.program, "w") as file:
            file.write(PROGRAM)
        with open(os.path.join(cls.folder, "call.json"), "w") as file:
            file.write(CALL)

    def record(self, name, *options):
        path = os.path.join(self.folder, name)
        run("-o", path, "--log_print", "--quiet", *options, self.program,
            "--password=args-secret-command-0123456789",
            env=dict(os.environ, VIZTRACER_PYTHON=os.environ["PYTHON"],
                     PYTHONPATH=run("--python_path").stdout.decode().strip(),
                     VIZTRACER_DIR=os.path.join(self.folder, "kept")))
        return path

    def export(self, trace, name, *options):
        """What is in an output of that format."""
        return inflate(run("export", trace, "-o", "-", "--format", name,
                           *options).stdout)

    def secrets(self, data):
        return {kind for kind in ("args", "source")
                if re.search(kind.encode() + rb"-secret-[a-z-]*0123456789",
                             data)}

    def check(self, trace):
        whole = self.export(trace, "vzt")
        for name in ("vzt", "json", "html"):  # what is to be left out is there
            data = self.export(trace, name)
            if data:
                self.assertEqual(self.secrets(data), {"args", "source"}, name)
        for name in formats():
            with self.subTest(format=name):
                without_args = self.export(trace, name, "--no_args")
                without_source = self.export(trace, name, "--no_source")
                neither = self.export(trace, name, "--no_args", "--no_source",
                                      "--range", "0..")
                self.assertNotIn("args", self.secrets(without_args))
                self.assertNotIn("source", self.secrets(without_source))
                self.assertEqual(self.secrets(neither), set())
                if name in ("vzt", "json", "pftrace"):
                    for what in re.findall(
                            rb"visible (?:instant|object|span|step)", whole):
                        if name != "pftrace" or what == b"visible instant":
                            self.assertIn(what, neither)

    def test_of_a_recording(self):
        self.check(self.record("whole.vzt"))

    def test_of_imported_json(self):
        self.check(os.path.join(self.folder, "call.json"))

    def test_that_are_not_recorded(self):
        for tracer in ("c", "python"):
            for suffix in ("vzt", "json"):
                path = self.record("some." + suffix, "--no_args", "--tracer",
                                   tracer)
                with open(path, "rb") as file:
                    data = file.read()
                self.assertEqual(self.secrets(data), {"source"})
                self.assertIn(b"visible instant", data)
                with open(self.record("none." + suffix, "--no_args",
                                      "--no_source", "--tracer", tracer),
                          "rb") as file:
                    self.assertEqual(self.secrets(file.read()), set())

    def test_are_not_kept_beside_the_output(self):
        self.record("sums.csv", "--no_args", "--no_source")
        kept = os.path.join(self.folder, "kept")
        for folder, _, names in os.walk(kept):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertEqual(self.secrets(file.read()), set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
