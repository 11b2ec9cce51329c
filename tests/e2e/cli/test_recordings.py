# SPDX-License-Identifier: Apache-2.0
"""Where recordings go, how long they stay, and what is said about them."""
import gzip
import json
import os
import re
import signal
import sys
import unittest

from launcher import (DEADLINE_S, PYTHON, LauncherTest, VIZTRACER, wait_until)

WORK = "def f(n):\n    return n and f(n - 1)\nf(50)\n"
VIEW = ("view", "--headless", "160x24", "--dump", "text")


class RecordingTest(LauncherTest):
    def names(self, recording):
        """The names of all events, as exported."""
        out = self.path("names.json")
        done = self.viztracer("export", recording, "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(out) as file:
            return {event["name"] for event in json.load(file)["traceEvents"]}


class Kept(RecordingTest):
    def test_is_named_after_the_program_and_private(self):
        self.write("shop.py", WORK)
        done = self.viztracer("shop.py")
        path, = self.recordings()
        self.assertRegex(os.path.basename(path), r"^shop-\d{8}-\d{6}-\d+$")
        self.assertEqual(os.stat(path).st_mode & 0o7777, 0o700)
        report, place = done.stderr.decode().splitlines()
        self.assertRegex(report, r"^viztracer: wrote result\.html \(\d+ KiB\); "
                         r"open it in a browser$")
        self.assertTrue(place.endswith("see it with: viztracer view " + path))
        self.assertTrue(os.path.exists(self.path("result.html")))

    def test_stays_when_the_report_cannot_be_written(self):
        os.mkdir(self.path("result.html"))
        for status in (0, 3):
            done = self.viztracer("-c", "raise SystemExit(%d)" % status)
            self.assertEqual(done.returncode, status or 1)
            self.assertIn("error: ", done.stderr.decode())
            self.assertIn("result.html: ", done.stderr.decode())
            self.assertIn("the recording is kept in %s\n"
                          % self.recordings()[-1], done.stderr.decode())
        self.assertEqual(len(self.recordings()), 2)

    def test_follows_the_state_folder(self):
        del self.environment["VIZTRACER_DIR"]
        self.environment["XDG_STATE_HOME"] = self.path("state")
        self.viztracer("-c", "pass")
        self.assertEqual(len(os.listdir(self.path("state/viztracer"))), 1)
        del self.environment["XDG_STATE_HOME"]
        self.environment["HOME"] = self.path("home")
        self.viztracer("-c", "pass")
        self.assertEqual(
            len(os.listdir(self.path("home/.local/state/viztracer"))), 1)

    def test_goes_elsewhere_when_that_cannot_be_written(self):
        self.environment["VIZTRACER_DIR"] = self.write("file", "") + "/x"
        self.environment["TMPDIR"] = self.folder
        done = self.viztracer("-c", "print(1)")
        self.assertEqual((done.returncode, done.stdout), (0, b"1\n"))
        self.assertIn(b"recording below", done.stderr)
        self.assertIn("viztracer view %s/viztracer-%d/python-"
                      % (self.folder, os.getuid()), done.stderr.decode())
        shown = self.viztracer(*VIEW)
        self.assertEqual(shown.returncode, 0, shown.stderr)

    def test_newest_is_viewed_and_the_oldest_go(self):
        for number in range(12):
            self.viztracer("--quiet", "-c", "def number_%d(): pass\n"
                           "number_%d()" % (number, number))
        self.assertEqual(len(self.recordings()), 10)
        newest = self.recordings()[-1]
        self.assertIn("number_11 (<string>:1)", self.names(newest))
        shown = self.viztracer(*VIEW)
        self.assertIn(os.path.basename(newest).encode(), shown.stdout)
        said = "viztracer: of the newest recording, %s\n" % newest
        self.assertEqual(self.viztracer("report").stderr.decode(), said)
        self.assertEqual(self.viztracer("report", "--quiet").stderr, b"")

    def test_holds_how_the_program_ended(self):
        self.viztracer("--quiet", "-c", "import os; os.kill(os.getpid(), 9)")
        shown = self.viztracer(*VIEW)
        self.assertEqual(shown.returncode, 0)
        self.assertIn(b"SIGKILL", shown.stdout + shown.stderr)

    def test_without_python_leaves_nothing(self):
        done = self.viztracer("--", "true")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"no Python announced itself", done.stderr)
        self.assertEqual(self.recordings(), [])

    def test_view_without_any(self):
        done = self.viztracer("view")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"there is no recording yet in", done.stderr)


class Output(RecordingTest):
    def test_trace_of_one_process(self):
        done = self.viztracer("-o", "x.vzt", "-c", WORK)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.folder), ["x.vzt"])
        shown = self.viztracer(*VIEW, "x.vzt")
        self.assertIn(b"x.vzt", shown.stdout)
        self.assertEqual(shown.stderr, b"")

    def test_a_trace_has_the_mode_of_other_outputs(self):
        previous = os.umask(0o027)
        self.addCleanup(os.umask, previous)
        for name in ("x.vzt", "x.json"):
            self.viztracer("-o", name, "-c", WORK)
            self.assertEqual(self.mode(name), 0o640)
        os.chmod(self.path("x.vzt"), 0o604)
        self.viztracer("-o", "x.vzt", "-c", WORK)
        self.assertEqual(self.mode("x.vzt"), 0o604)

    def mode(self, name):
        return os.stat(self.path(name)).st_mode & 0o7777

    def test_notes_are_said_once(self):
        done = self.viztracer("--save_flamegraph", "-o", "x.json", "-c",
                              "import os\n"
                              "def f(): os.kill(os.getpid(), 9)\n"
                              "os.fork() or f(); os.wait()\n")
        self.assertEqual(done.stderr.count(b"was killed"), 1, done.stderr)

    def test_trace_of_several_processes(self):
        code = ("import subprocess, sys\n"
                "for n in range(3):\n"
                "    subprocess.run([sys.executable, '-c', "
                "'def child_%d(): pass\\nchild_%d()' % (n, n)])\n")
        done = self.viztracer("-o", "made/here/x.vzt", "-c", code)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.path("made/here")), ["x.vzt"])
        names = self.names("made/here/x.vzt")
        for number in range(3):
            self.assertIn("child_%d (<string>:1)" % number, names)

    def test_is_what_the_environment_says(self):
        self.environment["VIZTRACER_OUTPUT_FILE"] = "x.json"
        done = self.viztracer("-c", "pass")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), ["kept", "x.json"])
        self.viztracer("-o", "y.json", "-c", "pass")
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["kept", "x.json", "y.json"])
        self.environment["VIZTRACER_OUTPUT_FILE"] = "x.txt"
        done = self.viztracer("-c", "open('ran', 'w')")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"VIZTRACER_OUTPUT_FILE: ", done.stderr)
        self.assertFalse(os.path.exists(self.path("ran")))

    def test_html_leaves_the_recording(self):
        done = self.viztracer("-o", "made/x.html", "-c", WORK)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("made/x.html")) as file:
            self.assertEqual(file.readline(), "<!DOCTYPE html>\n")
        path, = self.recordings()
        self.assertIn("see it with: viztracer view %s\n" % path,
                      done.stderr.decode())
        self.assertFalse(os.path.exists(self.path("result.html")))

    def test_json(self):
        for name in ("x.json", "x.json.gz", "x.gz"):
            done = self.viztracer("-o", name, "-c", WORK)
            self.assertEqual(done.returncode, 0, done.stderr)
            opened = gzip.open if name.endswith("gz") else open
            with opened(self.path(name), "rt") as file:
                report = json.load(file)
            calls = [event for event in report["traceEvents"]
                     if event["name"] == "f (<string>:1)"]
            self.assertEqual(len(calls), 51)
        self.assertEqual(self.recordings(), [])

    def test_json_without_sources(self):
        self.write("app.py", WORK)
        self.viztracer("-o", "a.json", "app.py")
        self.viztracer("-o", "b.json", "--no_source", "app.py")
        with open(self.path("a.json")) as file:
            self.assertIn("def f(n)", file.read())
        with open(self.path("b.json")) as file:
            self.assertNotIn("def f(n)", file.read())

    def test_export_joins(self):
        self.viztracer("-o", "a.vzt", "-c", "def one(): pass\none()")
        self.viztracer("-o", "b.vzt", "-c", "def two(): pass\ntwo()")
        done = self.viztracer("export", "a.vzt", "b.vzt", "-o", "both.vzt")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue({"one (<string>:1)", "two (<string>:1)"}
                        <= self.names("both.vzt"))

    def test_an_unknown_suffix_is_refused_before_anything_runs(self):
        for name in ("x.htm", "x.html.gz", "x", "x.vz", ".json"):
            done = self.viztracer("-o", name, "-c", "open('ran', 'w')")
            self.assertEqual(done.returncode, 2, name)
            self.assertFalse(os.path.exists(self.path("ran")))

    def test_that_cannot_be_written_keeps_the_recording(self):
        self.write("file", "")
        for name in ("file/x.vzt", "file/x.json", "/proc/x.vzt",
                     "/proc/x.json"):
            done = self.viztracer("-o", name, "-c", "print('ran')")
            self.assertEqual((done.returncode, done.stdout), (1, b"ran\n"),
                             done.stderr)
            path = re.search(r"the recording is kept in (\S+)",
                             done.stderr.decode())[1]
            self.assertEqual(path, self.recordings()[-1])
            self.assertEqual(self.viztracer("view", path).returncode, 0)

    def test_that_cannot_be_written_leaves_the_programs_status(self):
        self.write("file", "")
        done = self.viztracer("-o", "file/x.vzt", "-c", "raise SystemExit(9)")
        self.assertEqual(done.returncode, 9)

    def test_replaces_an_older_one_only_at_the_end(self):
        self.write("x.vzt", "old")
        done = self.viztracer("-o", "x.vzt", "-c",
                              "print(open('x.vzt').read())")
        self.assertEqual(done.stdout, b"old\n")
        self.assertGreater(os.path.getsize(self.path("x.vzt")), 4096)

    def test_moves_the_folder_of_a_killed_run_aside(self):
        self.write("x.vzt.d/old.vzt", "mine")
        done = self.viztracer("-o", "x.vzt", "-c", "pass")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"is now x.vzt.d~1", done.stderr)
        with open(self.path("x.vzt.d~1/old.vzt")) as file:
            self.assertEqual(file.read(), "mine")

    def test_folder_is_a_valid_input_while_the_program_runs(self):
        process = self.start("-o", "x.vzt", "-c", WORK + "print(1, flush=True)"
                             "\nimport time\nwhile True: time.sleep(0.01)")
        process.stdout.readline()
        shown = self.viztracer(*VIEW, "x.vzt.d")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn(b"<module>", shown.stdout)
        process.terminate()
        self.assertEqual(process.wait(DEADLINE_S), -signal.SIGTERM)
        self.assertTrue(os.path.exists(self.path("x.vzt")))

    def test_folder_of_a_killed_launcher_stays(self):
        os.mkfifo(self.path("gate"))
        process = self.start("-o", "x.vzt", "-c", WORK +
                             "print(1, flush=True)\nopen('gate').read()")
        process.stdout.readline()
        process.kill()
        process.wait(DEADLINE_S)
        self.assertEqual(self.viztracer(*VIEW, "x.vzt.d").returncode, 0)
        with open(self.path("gate"), "w"):
            pass


class StillRunning(LauncherTest):
    # A process that outlives the program until the gate is opened.
    CODE = ("import os, sys\n"
            "def child():\n    open('gate').read()\n"
            "if os.fork() == 0:\n"
            "    os.close(1)\n    os.close(2)\n"
            "    child()\n")

    def setUp(self):
        super().setUp()
        os.mkfifo(self.path("gate"))

    def open_gate(self):
        with open(self.path("gate"), "w"):
            pass

    def test_processes_are_said_and_not_waited_for(self):
        done = self.viztracer("-c", self.CODE)
        self.assertIn("1 process of the program is still running; the "
                      "recording goes on in %s" % self.recordings()[0],
                      done.stderr.decode())
        self.open_gate()

    def test_their_folder_stays_beside_the_output(self):
        done = self.viztracer("-o", "x.vzt", "-c", self.CODE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"1 process of the program is still running",
                      done.stderr)
        self.assertEqual(len(os.listdir(self.path("x.vzt.d"))), 2)
        for path in ("x.vzt", "x.vzt.d"):
            self.assertEqual(self.viztracer(*VIEW, path).returncode, 0)
        self.open_gate()


class Hostile(LauncherTest):
    def test_inputs_give_a_message_with_the_place(self):
        self.write("text.vzt", "no trace at all")
        self.write("empty.vzt", "")
        os.mkdir(self.path("folder"))
        for name in ("text.vzt", "empty.vzt", "folder", "absent.vzt"):
            for command in (VIEW + (name,),
                            ("export", name, "-o", "out.json")):
                done = self.viztracer(*command)
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertIn(name.encode(), done.stderr)
        self.assertIn(b"is no trace", self.viztracer("view", "text.vzt").stderr)
        self.assertFalse(os.path.exists(self.path("out.json")))

    def test_json_that_is_no_trace_is_refused(self):
        self.write("x.json", "{}")
        done = self.viztracer("view", "x.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'it has no "traceEvents"', done.stderr)

    def test_bad_keys_are_named(self):
        self.viztracer("-o", "x.vzt", "-c", "pass")
        done = self.viztracer("view", "x.vzt", "--keys", "w nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"nonsense", done.stderr)

    def test_names_reach_no_terminal_raw(self):
        self.write("\x1b[31mred.py", WORK)
        done = self.viztracer("\x1b[31mred.py")
        self.assertNotIn(b"\x1b", done.stderr)
        shown = self.viztracer(*VIEW)
        self.assertNotIn(b"\x1b", shown.stdout + shown.stderr)

    def test_a_folder_full_of_others_files_is_left_alone(self):
        os.mkdir(self.kept)
        names = ["app-20200101-000000-%d" % n for n in range(20)] + ["mine"]
        for name in names:
            self.write("kept/%s/precious.txt" % name, "keep me")
        self.viztracer("--quiet", "-c", "pass")
        for name in names:
            self.assertTrue(os.path.exists(
                self.path("kept/%s/precious.txt" % name)))


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
