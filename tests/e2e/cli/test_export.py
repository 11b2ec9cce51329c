# SPDX-License-Identifier: Apache-2.0
"""viztracer export: what says the format, where the output goes, what of a trace
is written, and that it can be interrupted."""
import csv
import fcntl
import gzip
import io
import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

from launcher import DEADLINE_S, VIZTRACER, LauncherTest, wait_until

SUFFIXES = {"json": ".json", "json.gz": ".json.gz", "vzt": ".vzt",
            "vzt.gz": ".vzt.gz", "html": ".html", "folded": ".folded",
            "speedscope": ".speedscope.json", "pftrace": ".pftrace",
            "pstats": ".pstats", "callgrind": ".callgrind", "csv": ".csv"}
BINARY = {"json.gz", "vzt", "vzt.gz", "pftrace", "pstats"}
ERASED = "\r\x1b[K"
MANY = 40000


def trace(names, start=0.0):
    """One thread each, with one call of that name."""
    return json.dumps({"traceEvents": [
        event for tid, name in enumerate(names, 1) for event in (
            {"ph": "M", "pid": 1, "tid": tid, "name": "thread_name",
             "args": {"name": "thread " + name}},
            {"ph": "X", "pid": 1, "tid": tid, "ts": start, "dur": 10.0,
             "name": name})]})


def many_calls():
    return json.dumps({"traceEvents": [
        {"ph": "X", "pid": 1, "tid": 1, "ts": 2.0 * i, "dur": 1.0,
         "name": "name %d" % (i % 100)} for i in range(MANY)]})


class Export(LauncherTest):
    def setUp(self):
        super().setUp()
        self.write("a.json", trace(["one", "two"]))

    def export(self, *arguments, status=0, command=("export",)):
        done = self.viztracer(*command, *arguments)
        if b"VIZTRACER_HTML" in done.stderr:
            self.skipTest("this build has no pages")
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def names(self, name, *options):
        """The functions that are called in a trace."""
        done = self.export(name, "--format=csv", "-o", "-", *options)
        return sorted(row["name"] for row in csv.DictReader(
            io.StringIO(done.stdout.decode())))

    def test_the_suffix_or_the_option_says_the_format(self):
        for name, suffix in SUFFIXES.items():
            with self.subTest(format=name):
                self.export("a.json", "-o", "by_suffix" + suffix)
                self.export("a.json", "-o", "by_name", "--format", name)
                self.export("a.json", "-o", "by_name.csv", "--format", suffix)
                whole = self.read("by_suffix" + suffix)
                self.assertEqual(self.read("by_name"), whole)
                self.assertEqual(self.read("by_name.csv"), whole)
                if name.endswith(".gz"):
                    self.assertEqual(gzip.decompress(whole), self.read(
                        "by_suffix" + SUFFIXES[name[:-3]]))

    def test_a_recording_is_written_in_each(self):
        self.write("app.py", "def work():\n    pass\n\nwork()\n")
        for name, suffix in SUFFIXES.items():
            with self.subTest(format=name):
                by_name = name in ("vzt.gz", "speedscope", "csv")
                self.export(*(["--format", name] if by_name else
                              ["-o", "result" + suffix]), "app.py", command=())
                data = self.read("result" + suffix)
                self.assertEqual(data[:2] == b"\x1f\x8b",
                                 name.endswith(".gz"))
                self.assertGreater(len(data), 10)
                if name in ("vzt", "vzt.gz", "json", "json.gz"):
                    self.assertIn("work", self.names("result" + suffix))
                if name in ("folded", "csv", "speedscope", "callgrind"):
                    self.assertIn(b"work", data)
        done = self.export("-o", "-", "app.py", command=(), status=2)
        self.assertIn(b"standard output is the program's", done.stderr)
        self.export("-u", "--format=csv", "app.py", command=())
        self.assertTrue([name for name in os.listdir(self.folder)
                         if name.startswith("app_")
                         and name.endswith(".csv")])
        self.export("--pid_suffix", "-o", "p.speedscope.json", "app.py",
                    command=())
        name, = [name for name in os.listdir(self.folder)
                 if name.startswith("p_")]
        self.assertRegex(name, r"^p_\d+\.speedscope\.json$")

    def test_what_is_no_format_is_said_with_all_there_are(self):
        done = self.export("a.json", "-o", "out.txt", status=2)
        for suffix in SUFFIXES.values():
            self.assertIn(suffix.replace(".gz", ""), done.stderr.decode())
        done = self.export("a.json", "-o", "out", "--format=text", status=2)
        for name in SUFFIXES:
            self.assertIn(name.replace("vzt.gz", "vzt"), done.stderr.decode())
        for words in (["-o", "-"], ["-o", "x.html.gz"], ["-o", ""],
                      ["-o", "x.csv", "--compress"],
                      ["-o", "x.csv", "--flamegraph"],
                      ["-o", "x.csv", "--scope=dur>"],
                      ["-o", "x.csv", "--track=["],
                      ["-o", "x.csv", "--range=x"],
                      ["-o", "x.csv", "--range=3ms..2ms"]):
            self.export("/no/such/file", *words, status=2)
        self.assertEqual(os.listdir(self.folder), ["a.json"])

    def test_compressed_traces_are_traces(self):
        self.export("a.json", "-o", "a.vzt", "--compress")
        self.export("a.json", "-o", "b.vzt.gz")
        self.assertEqual(self.read("a.vzt")[:2], b"\x1f\x8b")
        for name in ("a.vzt", "b.vzt.gz"):
            self.assertEqual(self.names(name), ["one", "two"])
        self.export("a.json", command=("--compress",))
        self.export("result.vzt.gz", command=("--decompress",))
        self.export("a.json", "-o", "a.cvf", command=("--compress",))
        for name in ("result.vzt.gz", "result.json", "a.cvf"):
            self.assertEqual(self.names(name), ["one", "two"])
        shown = self.viztracer("view", "--print", "a.cvf")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn(b"thread one", shown.stdout)
        done = self.viztracer("report", "a.vzt")
        self.assertIn(b"one took 50.0%", done.stdout)

    def test_a_cut_compressed_trace_gives_what_it_has(self):
        self.export("a.json", "-o", "a.vzt.gz")
        whole = self.read("a.vzt.gz")
        with open(self.path("cut.vzt.gz"), "wb") as file:
            file.write(whole[:len(whole) * 2 // 3])
        done = self.viztracer("export", "cut.vzt.gz", "-o", "cut.json")
        self.assertIn(b"cut.vzt.gz: its compressed data", done.stderr)
        self.assertIn(done.returncode, (0, 1))

    def test_of_a_part(self):
        for options, names in (
                (["--scope=one"], ["one"]), (["--filter=one"], ["one"]),
                (["--track=thread two"], ["two"]),
                (["--scope=o", "--filter=t"], ["two"]),
                (["--scope=one", "--track=two"], []),
                (["--range=..10us"], ["one", "two"]),
                (["--range=10us.."], [])):
            self.assertEqual(self.names("a.json", *options), names, options)
            self.export("a.json", "-o", "part.vzt.gz", *options)
            self.assertEqual(self.names("part.vzt.gz"), names, options)
            report = json.loads(self.viztracer(
                "report", "a.json", "--json", *options).stdout.decode())
            self.assertEqual(sorted(row["function"]
                                    for row in report["functions"]), names)
        done = self.export("a.json", "-o", "none.json", "--scope=three")
        self.assertIn(b"no call matches", done.stderr)

    def test_combine_joins_anything_into_anything(self):
        os.mkdir(self.path("folder"))
        self.write("b.json", trace(["three"]))
        self.write("c.json", trace(["four"]))
        self.export("b.json", "-o", "b.vzt.gz")
        self.export("c.json", "-o", "folder/c.vzt")
        self.write("d.json", trace(["five"], start=100.0))
        self.export("d.json", "-o", "d.json.gz")
        inputs = ["a.json", "b.vzt.gz", "folder", "d.json.gz"]
        everything = sorted(["one", "two", "three", "four", "five"])
        for name, suffix in SUFFIXES.items():
            with self.subTest(format=name):
                for option in ("--combine", "--align_combine"):
                    self.export(*inputs, "-o", "all" + suffix,
                                command=(option,))
                    if name in ("json", "json.gz", "vzt", "vzt.gz"):
                        self.assertEqual(self.names("all" + suffix),
                                         everything)
                self.assertGreater(len(self.read("all" + suffix)), 0)
        self.export(*inputs, "--format=folded", command=("--combine",))
        lines = self.read("result.folded").decode().splitlines()
        self.assertEqual(sorted(line.split()[0] for line in lines),
                         everything)


class Terminal(LauncherTest):
    def setUp(self):
        super().setUp()
        self.write("a.json", trace(["one"]))

    def on_terminal(self, *arguments, columns=80, **environment):
        """Run with a terminal for everything: its status, what was shown."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            (VIZTRACER,) + arguments, cwd=self.folder, stdin=follower,
            stdout=follower, stderr=follower, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=dict(self.environment, **dict({"TERM": "xterm"},
                                              **environment)))
        os.close(follower)
        self.addCleanup(self.finish, process)
        self.addCleanup(os.close, leader)
        return process, leader

    def shown(self, leader):
        text = b""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            if select.select([leader], [], [], 1)[0]:
                try:
                    part = os.read(leader, 65536)
                except OSError:  # nobody has the other side any more
                    break
                if not part:
                    break
                text += part
        return text.decode()

    def test_is_no_place_for_what_is_no_text(self):
        for name in SUFFIXES:
            process, leader = self.on_terminal(
                "export", "a.json", "-o", "-", "--format", name)
            text = self.shown(leader)
            status = process.wait(DEADLINE_S)
            if "VIZTRACER_HTML" not in text:
                self.assertEqual(status, 2 if name in BINARY else 0, text)
            self.assertEqual("no place" in text, name in BINARY)

    def begin_slowly(self, name, *options, columns=80, **environment):
        """Begin to write to a pipe that nobody reads."""
        os.mkfifo(self.path(name))
        process, leader = self.on_terminal(
            "export", "many.json", "-o", name, "--format=json", *options,
            columns=columns, **environment)
        return process, leader, os.open(self.path(name), os.O_RDONLY)

    def finish_slowly(self, process, leader, fd):
        """Read the pipe; what was shown meanwhile."""
        with os.fdopen(fd, "rb") as file:
            document = json.loads(file.read().decode())
        text = self.shown(leader)
        self.assertEqual(process.wait(DEADLINE_S), 0)
        self.assertGreater(len(document["traceEvents"]), MANY)
        return text

    def test_shows_a_bar_when_it_takes_long(self):
        self.write("many.json", many_calls())
        begun = [self.begin_slowly("1"),
                 self.begin_slowly("2", columns=20, NO_COLOR="1"),
                 self.begin_slowly("3", "--quiet"),
                 self.begin_slowly("4", TERM="dumb")]
        for _, _, fd in begun:
            select.select([fd], [], [], DEADLINE_S)
        start = time.monotonic()
        wait_until(lambda: time.monotonic() > start + 0.6, "it is late")
        usual, narrow, quiet, dumb = [self.finish_slowly(*run)
                                      for run in begun]
        self.assertRegex(
            usual, "\r\x1b\\[1mviztracer: \x1b\\[0mwriting "
            r"\[#*\.*\] +\d+%\x1b\[K")
        self.assertTrue(usual.endswith(ERASED), repr(usual))
        self.assertRegex(narrow, r"\rwriting +\d+%\x1b\[K")
        self.assertNotIn("\x1b[1m", narrow)
        self.assertTrue(narrow.endswith(ERASED), repr(narrow))
        self.assertEqual((quiet, dumb), ("", ""))

    def test_an_interrupt_leaves_nothing(self):
        self.write("many.json", many_calls())
        os.mkdir(self.path("out"))
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("export", "many.json", "-o", "out/out.json")
            wait_until(lambda: os.listdir(self.path("out")), "it is written")
            process.send_signal(number)
            process.wait(DEADLINE_S)
            left = os.listdir(self.path("out"))
            if process.returncode == 0:  # too late
                self.assertEqual(left, ["out.json"])
            else:
                self.assertEqual(process.returncode, -number)
                self.assertIn(left, ([], ["out.json"]))
            for name in left:
                with open(self.path("out/" + name)) as file:
                    json.load(file)
                os.unlink(self.path("out/" + name))


if __name__ == "__main__":
    unittest.main(verbosity=2)
