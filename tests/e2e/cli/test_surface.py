# SPDX-License-Identifier: Apache-2.0
"""Each option of recording, for real, on small programs."""
import json
import os
import re
import unittest

from launcher import LauncherTest

APP = """
import lib.tools

def inner(n):
    return len(str(n))

def outer(n):
    print("printed", n)
    return inner(n) + lib.tools.double(n)

outer(7)
"""
TOOLS = """
def half(n):
    return n // 2

def double(n):
    return half(4 * n)
"""
PARENT = """
import subprocess, sys
def parent(): subprocess.run([sys.executable, "-c", "def child(): pass\\nchild()"])
parent()
"""


class SurfaceTest(LauncherTest):
    def setUp(self):
        super().setUp()
        self.write("app.py", APP)
        self.write("lib/__init__.py", "")
        self.write("lib/tools.py", TOOLS)
        self.write("parent.py", PARENT)

    def done(self, *words):
        """Run viztracer; what it said."""
        done = self.viztracer(*words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn("error", done.stderr.decode())
        return done.stderr.decode()

    def events(self, path, phases="XB"):
        with open(self.path(path)) as file:
            return [event for event in json.load(file)["traceEvents"]
                    if event["ph"] in phases]

    def names(self, path, phases="XB"):
        """Names without places."""
        return {event["name"].split(" (")[0]
                for event in self.events(path, phases)}

    def recorded(self, *options):
        """The names that app.py leaves with these options."""
        self.done(*options, "-o", "x.json", "--", "app.py")
        return self.names("x.json")


class WhatIsRecorded(SurfaceTest):
    def test_everything(self):
        self.assertLessEqual(
            {"outer", "inner", "double", "half", "builtins.len",
             "builtins.print"}, self.recorded())

    def test_include_files(self):
        self.assertEqual(self.recorded("--include_files", "app.py", "no/such")
                         & {"outer", "inner", "double", "half"},
                         {"outer", "inner"})

    def test_keep_descendants(self):
        # Below outer, which is rejected.
        self.assertNotIn("double", self.recorded("--include_files=lib"))
        self.assertEqual(
            self.recorded("--include_files", "lib", "--keep_descendants")
            & {"outer", "inner", "double", "half"}, {"double", "half"})

    def test_exclude_files(self):
        names = self.recorded("--exclude-files=lib/tools.py")
        self.assertLessEqual({"outer", "inner"}, names)
        self.assertFalse({"double", "half"} & names)

    def test_max_stack_depth(self):
        names = self.recorded("--max_stack_depth", "2", "--ignore_c_function")
        self.assertIn("outer", names)
        self.assertNotIn("inner", names)

    def test_min_duration(self):
        self.assertEqual(self.recorded("--min_duration", "1000s"), set())

    def test_ignore_c_function(self):
        names = self.recorded("--ignore_c_function")
        self.assertIn("inner", names)
        self.assertFalse({"builtins.len", "builtins.print"} & names)

    def test_log_print(self):
        self.done("--log_print", "-o", "x.json", "app.py")
        text = json.dumps(self.events("x.json", "i"))
        self.assertIn("printed 7", text)

    def test_tracer(self):
        for tracer in "c", "python":
            self.assertLessEqual({"outer", "inner", "double", "half"},
                                 self.recorded("--tracer", tracer))

    def test_tracer_entries(self):
        self.done("--tracer_entries", "2", "-o", "x.json", "parent.py")
        counts = {}
        for event in self.events("x.json"):
            counts[event["pid"]] = counts.get(event["pid"], 0) + 1
        self.assertEqual(list(counts.values()), [2, 2])

    def test_ignore_multiprocess(self):
        self.done("-o", "x.json", "parent.py")
        self.assertIn("child", self.names("x.json"))
        self.done("-o", "y.json", "--ignore_multiprocess", "parent.py")
        self.assertNotIn("child", self.names("y.json"))
        self.assertIn("parent", self.names("y.json"))

    def test_no_source(self):
        self.done("--no_source", "-o", "x.json", "app.py")
        with open(self.path("x.json")) as file:
            self.assertNotIn("def outer", file.read())

    def test_include_startup(self):
        self.assertGreater(len(self.recorded("--include_startup")),
                           len(self.recorded()))

    def test_both_filters_run_nothing(self):
        done = self.viztracer("--include_files=a", "--exclude_files=b", "-c",
                              "open('ran', 'w')")
        self.assertEqual(done.returncode, 2)
        self.assertFalse(os.path.exists(self.path("ran")))


class Outputs(SurfaceTest):
    def test_unique_name(self):
        said = self.done("-u", "app.py")
        name, = [name for name in os.listdir(self.folder) if "_" in name]
        self.assertRegex(name, r"^app_\d{8}_\d{6}_\d+\.json$")
        self.assertIn("wrote " + name, said)
        self.assertIn("outer", self.names(name))

    def test_output_dir(self):
        self.done("--output_dir", "a/b", "-o", "x.json", "app.py")
        self.assertIn("outer", self.names("a/b/x.json"))

    def test_an_output_for_each_process(self):
        self.done("--output_dir", "each", "--pid_suffix", "parent.py")
        found = {}
        for name in os.listdir(self.path("each")):
            pid = int(re.match(r"^result_(\d+)\.json$", name)[1])
            events = self.events("each/" + name)
            self.assertEqual({event["pid"] for event in events}, {pid})
            found[pid] = self.names("each/" + name) & {"parent", "child"}
        self.assertEqual(sorted(map(sorted, found.values())),
                         [["child"], ["parent"]])
        self.assertEqual(self.recordings(), [])

    def test_a_forked_process_knows_what_it_inherited(self):
        self.write("forks.py", "import os\ndef outer():\n    pid = os.fork()\n"
                   "    if pid == 0:\n        leaf()\n    else:\n"
                   "        os.waitpid(pid, 0)\ndef leaf(): pass\nouter()\n")
        self.done("--pid_suffix", "forks.py")
        outputs = [name for name in os.listdir(self.folder)
                   if name.startswith("result_")]
        self.assertEqual(len(outputs), 2)
        self.assertEqual(sum("leaf" in self.names(name) for name in outputs),
                         1)
        for name in outputs:
            self.assertLessEqual({"<module>", "outer"}, self.names(name))
            self.assertNotIn("(unknown)", self.names(name))

    def test_pages_of_flame_graphs(self):
        said = self.done("--save_flamegraph", "-o", "x.vzt", "app.py")
        self.assertIn("wrote x_flamegraph.html", said)
        said = self.done("--generate_flamegraph", "x.vzt")
        self.assertIn("wrote result_flamegraph.html", said)
        self.done("--generate_flamegraph", "x.vzt", "-o", "f/y.html")
        for name in ("x_flamegraph.html", "result_flamegraph.html", "f/y.html"):
            with open(self.path(name)) as file:
                self.assertIn("</html>", file.read())

    def test_open_without_a_terminal(self):
        # A session of its own has no terminal.
        done = self.viztracer("--open", "-o", "x.json", "app.py",
                              start_new_session=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"--open will show nothing: there is no terminal",
                      done.stderr)
        self.assertIn("outer", self.names("x.json"))

    def test_quiet(self):
        self.assertEqual(self.done("--quiet", "-o", "x.json", "app.py"), "")


class Combine(SurfaceTest):
    def setUp(self):
        super().setUp()
        self.done("-o", "a.vzt", "-c", "def of_a(): pass\nof_a()")
        self.done("-o", "b.json", "-c", "def of_b(): pass\nof_b()")
        self.done("export", "a.vzt", "-o", "a.json")

    def times(self, path):
        """(process, name) and time of each call, in order."""
        return [(event["pid"], event["name"], round(event["ts"] * 1000))
                for event in self.events(path)]

    def expect_both(self, path):
        """All calls of a.json and b.json. What comes from a .vzt file and what
        comes from JSON meets by the wall clock, which may be adjusted between
        two runs."""
        found = self.times(path)
        for part in (self.times("a.json"), self.times("b.json")):
            same = [row for row in found if row[0] == part[0][0]]
            shift = same[0][2] - part[0][2]
            self.assertLess(abs(shift), 10**9)
            self.assertEqual([(pid, name, time - shift)
                              for pid, name, time in same], part)
            found = [row for row in found if row[0] != part[0][0]]
        self.assertEqual(found, [])

    def test_any_mix(self):
        for name in ("c.json", "c.vzt"):
            self.done("--combine", "a.vzt", "b.json", "-o", name)
        self.done("export", "c.vzt", "-o", "d.json")
        self.expect_both("c.json")
        self.expect_both("d.json")

    def test_has_a_default_name(self):
        self.done("--combine", "a.vzt", "b.json")
        self.assertTrue(os.path.exists(self.path("result.html")))

    def test_align(self):
        expected = []
        for name in ("a.json", "b.json"):
            times = self.times(name)
            first = min(time for _, _, time in times)
            expected += [(pid, of, time - first) for pid, of, time in times]
        self.done("--align-combine", "a.vzt", "b.json", "-o", "c.json")
        self.assertEqual(sorted(self.times("c.json")), sorted(expected))
        self.done("export", "--align", "start", "a.json", "b.json", "-o", "d.json")
        self.assertEqual(sorted(self.times("d.json")), sorted(expected))
        self.done("--align-combine", "a.vzt", "b.json", "-o", "e.vzt")
        self.done("export", "--align", "start", "e.vzt", "-o", "e.json")
        self.assertEqual(sorted(self.times("e.json")), sorted(expected))


class File(SurfaceTest):
    def test_is_read_where_the_program_runs(self):
        self.write(".viztracerrc", "[default]\noutput_file = from_file.json\n"
                   "ignore_c_function = true\ninclude_startup = false\n"
                   "exclude_files = lib/tools.py\n    no/such\n")
        self.done("app.py")
        self.assertEqual(
            self.names("from_file.json")
            & {"outer", "inner", "double", "half", "builtins.len"},
            {"outer", "inner"})
        self.done("-u", "--exclude_files", "app.py", "--", "app.py")
        name, = [name for name in os.listdir(self.folder)
                 if name.startswith("app_")]
        self.assertNotIn("outer", self.names(name))

    def test_another_one(self):
        self.write(".viztracerrc", "[default]\nbogus = 1\n")
        self.write("rc", "[default]\nquiet = on\noutput_file = x.json\n")
        self.assertEqual(self.done("--rcfile", "rc", "app.py"), "")
        self.assertTrue(os.path.exists(self.path("x.json")))

    def test_errors_run_nothing(self):
        self.write(".viztracerrc", "[default]\n\ntracer_entries = none\n")
        done = self.viztracer("-c", "open('ran', 'w')")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b".viztracerrc:3: --tracer_entries needs", done.stderr)
        self.assertFalse(os.path.exists(self.path("ran")))


if __name__ == "__main__":
    unittest.main()
