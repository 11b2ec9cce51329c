# SPDX-License-Identifier: Apache-2.0
"""The recorder beside other tools that watch a program.

    PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer [VENV=folder] \\
        python3 test_beside.py

Each tool runs alone and recorded; what it finds must be the same, and we must
record the calls that we record without it. Before 3.12 there is one profile
slot, so while cProfile has it we cannot record: its result is right, and ours
says where the gap is. With VENV tools from PyPI are installed there and tested
too.
"""
import collections
import json
import os
import pstats
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))
import vzt_reader  # noqa: E402

VIZTRACER = os.environ["VIZTRACER"]
VENV = os.environ.get("VENV")
PACKAGES = ("coverage", "debugpy", "greenlet", "gevent")
APP = os.path.join(HERE, "app.py")
GREENLETS = os.path.join(HERE, "greenlets.py")


def version_of(python):
    text = subprocess.run(
        [python, "-c", "import sys; print('%d %d' % sys.version_info[:2])"],
        check=True, stdout=subprocess.PIPE).stdout
    return tuple(map(int, text.split()))


def make_environment(python, folder):
    """An interpreter with the tools. What PyPI does not have for it is left
    out, loudly."""
    made = os.path.join(folder, "bin", "python")
    if not os.path.exists(made):
        subprocess.run([python, "-m", "venv", folder], check=True)
        for package in PACKAGES:
            done = subprocess.run([made, "-m", "pip", "-q", "install",
                                   "--prefer-binary", package])
            if done.returncode != 0:
                print("LEFT OUT: %s cannot be installed for %s"
                      % (package, python))
    return made


PYTHON = os.environ["PYTHON"]
VERSION = version_of(PYTHON)
if VENV:
    PYTHON = make_environment(PYTHON, VENV)


def has(module):
    return VENV and subprocess.run(
        [PYTHON, "-c", "import " + module], stderr=subprocess.DEVNULL,
    ).returncode == 0


class BesideTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.environment = dict(
            os.environ, VIZTRACER_PYTHON=PYTHON, HOME=self.folder,
            VIZTRACER_DIR=os.path.join(self.folder, "recordings"),
            PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_alone(self, *command):
        return self.run_command([PYTHON] + list(command))

    def run_command(self, command):
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def run_recorded(self, *command):
        """What it printed, and {function of ours: calls}."""
        path = self.path("ours.vzt")
        # Words that begin with a dash are options of the interpreter.
        words = [PYTHON] if command[0].startswith("-") else []
        done = self.run_command([VIZTRACER, "--quiet", "-o", path, "--"]
                                + words + list(command))
        self.trace = vzt_reader.read(path)
        calls = collections.Counter()
        for process, stream in self.streams():
            for number, count in process.entry_counts(stream.id).items():
                function = process.functions[number]
                if function.file in (APP, GREENLETS):
                    calls[function.name.rpartition(".")[2]] += count
        return done, calls

    def streams(self):
        return [(process, stream) for process in self.trace.processes
                for stream in process.streams.values()]

    def gaps(self):
        return sum(event.record == vzt_reader.RECORD_GAP
                   for process, stream in self.streams()
                   for event in process.events(stream.id))

    def calls_without_a_tool(self):
        done, calls = self.run_recorded(APP)
        self.assertEqual(done.stdout, "done 55\n")
        self.assertEqual(calls["fib"] > 465, True)
        self.assertEqual(calls["fail"], 465)
        return calls

    # Each of the tools.

    def test_cprofile(self):
        counts = []
        for run in (self.run_alone, self.run_recorded):
            run(*(["-m", "cProfile", "-o", self.path("p"), APP]))
            counts.append({
                name: (stat[0], stat[1])
                for (file, _, name), stat in pstats_of(self.path("p"))
                if file == APP})
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(counts[0]["fail"], (30, 465))

    def test_ours_beside_cprofile(self):
        plain = self.calls_without_a_tool()
        _, calls = self.run_recorded("-m", "cProfile", "-o", self.path("p"),
                                     APP)
        if VERSION >= (3, 12):
            self.assertEqual(calls, plain)
        else:
            self.assertLess(sum(calls.values()), sum(plain.values()))
            self.assertGreater(self.gaps(), 0)

    def test_pdb(self):
        plain = self.calls_without_a_tool()
        command = ["-m", "pdb", "-c", "break fail", "-c", "continue",
                   "-c", "where", "-c", "p depth", "-c", "clear 1",
                   "-c", "continue", "-c", "quit", APP]
        alone = self.run_alone(*command)
        done, calls = self.run_recorded(*command)
        self.assertEqual(done.stdout, alone.stdout)
        self.assertIn("done 55", done.stdout)
        calls["<module>"] -= 1  # pdb runs the program anew when it has ended
        self.assertEqual(calls, plain)

    def test_faulthandler(self):
        program = self.path("fault.py")
        with open(program, "w") as file:
            file.write("import faulthandler, sys\n"
                       "faulthandler.enable()\n"
                       "def inner():\n"
                       "    faulthandler.dump_traceback()\n"
                       "inner()\n")
        alone = self.run_alone("-X", "faulthandler", program)
        done, _ = self.run_recorded("-X", "faulthandler", program)
        self.assertIn("in inner", alone.stderr)
        self.assertEqual(re.sub("0x[0-9a-f]+", "", done.stderr),
                         re.sub("0x[0-9a-f]+", "", alone.stderr))

    def test_trace(self):
        plain = self.calls_without_a_tool()
        command = ["-m", "trace", "--count", "--missing", "--summary",
                   "-C", self.path("counts"), APP]
        alone = self.run_alone(*command)
        done, calls = self.run_recorded(*command)
        ours = [line for line in done.stdout.splitlines() if "app" in line]
        self.assertEqual(ours, [line for line in alone.stdout.splitlines()
                                if "app" in line])
        self.assertEqual(calls, plain)

    @unittest.skipUnless(has("coverage"), "coverage is not installed")
    def test_coverage(self):
        plain = self.calls_without_a_tool()
        found = []
        for core in ("ctrace", "pytrace", "sysmon"):
            if core == "sysmon" and VERSION < (3, 12):
                continue
            self.environment["COVERAGE_CORE"] = core
            command = ["-m", "coverage", "run", "--branch",
                       "--data-file=" + self.path("data"), APP]
            for run in (self.run_alone, self.run_recorded):
                result = run(*command)
                self.run_alone("-m", "coverage", "json", "-q",
                               "--data-file=" + self.path("data"),
                               "-o", self.path("coverage.json"))
                with open(self.path("coverage.json")) as file:
                    files = json.load(file)["files"]
                found.append({name: (file["executed_lines"],
                                     file.get("executed_branches"))
                              for name, file in files.items()})
            self.assertEqual(found[-1], found[-2], core)
            self.assertEqual(result[1], plain, core)

    @unittest.skipUnless(has("debugpy"), "debugpy is not installed")
    def test_debugpy(self):
        """A refusal would be allowed on either side; none is needed."""
        plain = self.calls_without_a_tool()
        command = ["-Xfrozen_modules=off", "-m", "debugpy", "--listen",
                   "127.0.0.1:0", APP]
        alone = self.run_alone(*command)
        done, calls = self.run_recorded(*command)
        self.assertIn("done 55", alone.stdout)
        self.assertEqual(done.stdout, alone.stdout)
        self.assertEqual(calls, plain)

    def check_greenlets(self, *arguments):
        # The oracle is a plain counter of calls in the same program.
        counter = self.path("counter.py")
        with open(counter, "w") as file:
            file.write(COUNTER)
        oracle = json.loads(self.run_alone(
            counter, GREENLETS, *arguments).stderr)
        done, calls = self.run_recorded(GREENLETS, *arguments)
        self.assertEqual(done.stdout, "done\n")
        calls.pop("<module>")
        self.assertEqual(calls, oracle)
        greenlets = 0
        for process, stream in self.streams():
            mismatches, open_calls = process.check_nesting(stream.id)
            self.assertEqual(mismatches, 0, stream.name)
            self.assertEqual([call for call in open_calls  # gevent's hub is
                              if call.file == GREENLETS], [])
            greenlets += stream.kind == vzt_reader.STREAM_GREENLET
        self.assertGreater(greenlets, 300)

    @unittest.skipUnless(has("greenlet"), "greenlet is not installed")
    def test_greenlets(self):
        self.check_greenlets()

    @unittest.skipUnless(has("gevent"), "gevent is not installed")
    def test_gevent(self):
        self.check_greenlets("gevent")


COUNTER = """
import collections, json, sys, threading
calls = collections.Counter()
program = sys.argv[1]
sys.argv = sys.argv[1:]
def see(frame, event, argument):
    if event == "call" and frame.f_code.co_filename == program:
        calls[frame.f_code.co_name] += 1
code = compile(open(program).read(), program, "exec")
sys.setprofile(see)
exec(code, {"__name__": "__main__"})
sys.setprofile(None)
calls.pop("<module>")
sys.stderr.write(json.dumps(calls))
"""


def pstats_of(path):
    return pstats.Stats(path).stats.items()


if __name__ == "__main__":
    unittest.main(verbosity=2)
