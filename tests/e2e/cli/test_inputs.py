# SPDX-License-Identifier: Apache-2.0
"""What the commands take in: files, folders, patterns, pipes, and what is no
trace; several inputs at one time."""
import gzip
import itertools
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

VIZTRACER = os.environ["VIZTRACER"]
S = 10 ** 9
WALL = {"a": 1700000000 * S, "b": 1700000005 * S}  # of time 0
MARK_US = {"a": 300, "b": 20}  # when the marker is called


def document(name, pid, has_clock=True):
    """A call named like the file from time 7, with a marker in it."""
    events = [{"name": name, "ph": "X", "ts": 7, "dur": 1000},
              {"name": "mark", "ph": "X", "ts": MARK_US[name], "dur": 1}]
    made = {"traceEvents": [dict(event, pid=pid, tid=pid) for event in events]}
    if has_clock:
        made["viztracer_metadata"] = {"baseTimeNanoseconds": WALL[name]}
    return json.dumps(made).encode()


def limit_files():
    """As if the disk were full behind 256 KiB of a file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 ** 18, 2 ** 18))


class InputsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, pid in (("a", 11), ("b", 12)):
            self.write(name + ".json", document(name, pid))
        self.write("b.json.gz", gzip.compress(document("b", 12)))

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def run_command(self, *arguments, data=None, **options):
        if data is None and "stdin" not in options:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run(
            [VIZTRACER, *map(str, arguments)], cwd=str(self.folder), timeout=60,
            check=False, input=data, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **options)

    def done(self, *arguments, **options):
        done = self.run_command(*arguments, **options)
        self.assertEqual(done.returncode, 0, (arguments, done.stderr))
        return done

    def refused(self, status, text, *arguments, **options):
        done = self.run_command(*arguments, **options)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, status, (arguments, said))
        self.assertIn(text, said)
        self.assertEqual(len(said.splitlines()), 1, said)

    def starts(self, *arguments, **options):
        """{name: when it first starts, in us} of what is exported."""
        self.done("export", *arguments, "-o", "out.json", **options)
        found = {}
        for event in json.loads((self.folder / "out.json").read_text())[
                "traceEvents"]:
            if event["ph"] == "X":
                found.setdefault(event["name"], event["ts"])
        return found

    def names(self, *arguments, **options):
        return sorted(set(self.starts(*arguments, **options)) - {"mark"})


class Words(InputsTest):
    def test_patterns_folders_and_files(self):
        self.done("export", "b.json", "-o", "c.vzt")
        self.assertEqual(self.names("?.json"), ["a", "b"])
        self.assertEqual(self.names("[a]*", "c.vzt"), ["a", "b"])
        (self.folder / "d").mkdir()
        self.refused(1, "holds no trace", "export", "d", "-o", "x.json")
        os.rename(str(self.folder / "c.vzt"), str(self.folder / "d/c.vzt"))
        self.write("d/a.json", document("a", 11))
        self.write("d/package.json", b'{"name": "no trace"}')
        self.write("d/notes.txt", b"nothing")
        self.assertEqual(self.names("d"), ["a", "b"])
        self.assertIn(b"not shown: d/package.json: is JSON, but no trace",
                      self.done("view", "--print", "d").stderr)
        self.refused(1, "z*.json: there is no such file, and none that",
                     "report", "z*.json")
        self.refused(1, "cannot open z.json: No such file", "view", "z.json")

    def test_a_name_that_looks_like_a_pattern_is_that_file(self):
        self.write("[x].json", document("a", 11))
        self.write("x.json", document("b", 12))
        self.assertEqual(self.names("[x].json"), ["a"])

    def test_no_file_is_there_twice(self):
        os.link(str(self.folder / "a.json"), str(self.folder / "c.json"))
        self.refused(2, "c.json is named twice, also as a.json", "view",
                     "a.json", "c.json")
        self.refused(2, "a.json is named twice: name it once", "report",
                     "a.json", "*.json")
        self.done("diff", "a.json", "c.json")

    def test_processes_of_one_id_stay_apart(self):
        """Also where an input has the number that another one would get."""
        for name, pid in (("a", 7), ("b", 7), ("c", 4194305)):
            self.write(name + ".json",
                       document(name if name != "c" else "a", pid).replace(
                           b'"a", "ph"', b'"%s", "ph"' % name.encode()))
        for joined in ("x.json", "x.vzt"):
            self.done("export", "?.json", "-o", joined)
            self.done("export", joined, "-o", "out.json")
            os.rename(str(self.folder / joined), str(self.folder / "joined"))
            events = json.loads((self.folder / "out.json").read_text())[
                "traceEvents"]
            pids = {event["name"]: event["pid"] for event in events
                    if event["ph"] == "X" and event["name"] != "mark"}
            self.assertEqual(pids, {"a": 7, "b": 4194306, "c": 4194305})
            done = self.done("report", "out.json")
            self.assertIn(b"processes                   3", done.stdout)

    def test_two_sides_of_many_files(self):
        done = self.done("diff", "?.json", "b.json")
        self.assertIn(b"less than A", done.stdout)


class StandardInput(InputsTest):
    def test_every_format_and_command(self):
        self.done("export", "a.json", "-o", "a.vzt")
        self.write("a.gz", gzip.compress(document("a", 11)))
        screen = self.done("view", "--headless", "90x24", "--keys", "j k",
                           "a.json").stdout
        for name in ("a.json", "a.gz", "a.vzt"):
            data = (self.folder / name).read_bytes()
            self.assertEqual(self.names("-", data=data), ["a"])
            shown = self.done("view", "-", "--headless",
                              "90x24", "--keys", "j k", data=data).stdout
            self.assertEqual(shown.split(b"\n")[1:], screen.split(b"\n")[1:])
            self.done("export", "-", "-o", "o.vzt", data=data)
            self.assertEqual(self.names("o.vzt"), ["a"])
            self.assertIn(b"a took", self.done("report", "-", data=data).stdout)
            self.assertIn(b"as much as A",
                          self.done("diff", "-", "a.json", data=data).stdout)
            self.assertEqual(self.names("b.json", "-", data=data), ["a", "b"])
            with open(str(self.folder / name), "rb") as file:
                self.assertEqual(self.names("-", stdin=file), ["a"])
            with open(str(self.folder / name), "rb") as file:
                self.assertEqual(self.names("/dev/stdin", stdin=file), ["a"])

    def test_a_pipe_that_breaks_is_shown_with_a_note(self):
        done = self.done("view", "--print", "-", data=document("a", 11)[:120])
        self.assertIn(b"standard input: is cut short: it ends at byte 120",
                      done.stderr)
        packed = gzip.compress(document("a", 11), 0)
        done = self.done("view", "--print", "-", data=packed[:-90])
        self.assertIn(b"standard input: is cut short: its compressed data are "
                      b"cut off at byte %d" % (len(packed) - 90), done.stderr)

    def test_two_pipes_by_name(self):
        pipes = [self.folder / name for name in ("one", "two")]
        for pipe, name in zip(pipes, "ab"):
            os.mkfifo(str(pipe))
            writer = os.open(str(pipe), os.O_RDWR)
            os.write(writer, document(name, 11))
            # The reader is there before the writer goes.
            threading.Timer(0.3, os.close, (writer,)).start()
        self.assertEqual(self.names(*pipes), ["a", "b"])

    def test_what_cannot_be_read(self):
        self.refused(1, "standard input: is empty", "view", "-", data=b"")
        self.refused(1, "standard input: is no trace", "view", "-",
                     data=b"%PDF-1.4\n")
        self.refused(2, "standard input is named twice", "view", "-", "-",
                     data=b"[]")
        self.refused(1, "cannot make a temporary file in /nonexistent", "view",
                     "-", data=b"[]",
                     env=dict(os.environ, TMPDIR="/nonexistent"))
        self.refused(1, "cannot put standard input aside in a temporary file, "
                     "after ", "report", "-",
                     data=b"[" + b" " * 2 ** 20, preexec_fn=limit_files)
        master, slave = os.openpty()
        self.refused(2, "- is standard input, and that is a terminal",
                     "report", "-", stdin=slave)
        os.close(master)
        os.close(slave)
        os.mkfifo(str(self.folder / "pipe"))
        self.refused(1, "pipe: is a pipe that nobody writes to", "view", "pipe")


class NoTraces(InputsTest):
    def test_each_is_refused_with_what_and_where(self):
        self.done("export", "a.json", "-o", "a.vzt")
        trace = (self.folder / "a.vzt").read_bytes()
        socket.socket(socket.AF_UNIX).bind(str(self.folder / "socket"))
        for name, data, text in (
                ("empty", b"", "empty: is empty"),
                ("a.pdf", b"%PDF-1.4\n%\xe2\xe3\n", "a.pdf: is no trace"),
                ("cut.vzt", trace[:30], "cut at byte 30"),
                ("cut2.vzt", trace[:4000], "cut at byte 4000"),
                ("bad.json", b'{"traceEvents": [\n\n  {"ph" 1}]}',
                 "byte 27, in line 3"),
                ("cut.gz", gzip.compress(b"[{")[:15], "cut off at byte 15"),
                ("socket", None, "socket: is a socket, not a trace"),
                ("/dev/null", None, "/dev/null: is a device, not a trace"),
        ):
            if data is not None:
                self.write(name, data)
            for command in (["view", "--print", name], ["report", name],
                            ["export", name, "-o", "x.json"],
                            ["diff", name, "a.json"]):
                self.refused(1, text, *command)
        if os.getuid() != 0:
            os.chmod(str(self.folder / "a.vzt"), 0)
            self.refused(1, "Permission denied", "view", "a.vzt")


class Align(InputsTest):
    """b was recorded 5 s after a; both begin 7 us after their time 0."""

    def setUp(self):
        super().setUp()
        self.done("export", "a.json", "-o", "a.vzt")
        self.done("export", "b.json", "-o", "b.vzt")

    def gap(self, *arguments):
        starts = self.starts(*arguments)
        return round(starts["b"] - starts["a"], 3)

    def test_every_mix_and_form(self):
        marker = MARK_US["a"] - MARK_US["b"]
        for pair in itertools.product(("a.json", "a.vzt"),
                                      ("b.json", "b.vzt", "b.json.gz")):
            for how, gap in (([], 5e6), (["--align", "clock"], 5e6),
                             (["--align", "start"], 0),
                             (["--align", "mark"], marker)):
                self.assertEqual(self.gap(*pair, *how), gap, (pair, how))
                self.done("export", *pair, *how, "-o", "both.vzt")
                self.assertEqual(self.gap("both.vzt"), gap, (pair, how))

    def test_of_the_other_commands(self):
        for how, text in (("clock", "5.001 s"), ("start", "1.000 ms"),
                          ("mark", "1.280 ms")):
            done = self.done("report", "a.vzt", "b.json", "--align", how)
            self.assertIn(text, done.stdout.decode())
            done = self.done("view", "--headless", "90x20", "a.vzt", "b.json",
                             "--align", how)
            self.assertIn(text, done.stdout.decode().split("\n")[0])
        self.refused(2, 'b.json has no instant and no call named "a"', "view",
                     "a.vzt", "b.json", "--align", "a")

    def test_without_a_clock(self):
        self.write("old.json", document("b", 12, has_clock=False))
        self.write("older.json", document("a", 11, has_clock=False))
        text = "old.json does not say when it was recorded, a.vzt does"
        self.refused(2, text, "view", "--print", "a.vzt", "old.json")
        self.refused(2, text, "export", "a.vzt", "old.json", "-o", "x.vzt")
        self.refused(2, text, "export", "old.json", "a.vzt", "-o", "x.json")
        self.refused(2, text, "report", "a.vzt", "old.json")
        self.refused(2, text, "--combine", "a.vzt", "old.json", "-o", "x.json")
        self.assertEqual(self.gap("a.vzt", "old.json", "--align", "start"), 0)
        self.assertIn(b"do not say when they were recorded",
                      self.done("view", "--print", "*old*.json").stderr)
        self.assertEqual(self.gap("old.json", "older.json"), 0)


if __name__ == "__main__":
    unittest.main()
