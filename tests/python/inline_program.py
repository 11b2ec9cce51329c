# SPDX-License-Identifier: Apache-2.0
"""Tests that run a program which records itself, and read its report."""
import gzip
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import recorded
from recorded import vzt_reader


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def run_program(self, text, status=0, output="result.json"):
        """output is what the environment says, "" = nothing."""
        program = os.path.join(self.folder, "program.py")
        with open(program, "w") as file:
            file.write("from viztracer import VizTracer, get_tracer\n" + text)
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        if output:
            environment["VIZTRACER_OUTPUT_FILE"] = output
        environment["TMPDIR"] = os.path.join(self.folder, "tmp")
        os.makedirs(environment["TMPDIR"], exist_ok=True)
        done = recorded.run([program], environment, self.folder)
        self.assertEqual(done.status, status, done.stderr)
        self.assertEqual(os.listdir(environment["TMPDIR"]), [])
        return done

    def report(self, name="result.json"):
        path = os.path.join(self.folder, name)
        opening = gzip.open if name.endswith(".gz") else open
        with opening(path, "rt") as file:
            return json.load(file)

    def names(self, name="result.json"):
        """The names of the calls in a report, without their places."""
        return [event["name"].partition(" (")[0]
                for event in self.report(name)["traceEvents"]
                if event["ph"] in "XB"]

    def slices(self, name="result.json"):
        """{name: (ts, end)} of calls that are there once."""
        return {event["name"].partition(" (")[0].rpartition(".")[2]:
                (event["ts"], round(event["ts"] + event["dur"], 3))
                for event in self.report(name)["traceEvents"]
                if event["ph"] == "X"}

    def instants(self, name="result.json"):
        return {event["name"]: event["ts"]
                for event in self.report(name)["traceEvents"]
                if event["ph"] == "i"}

    def launch(self, text):
        """Run a program by the viztracer command: its trace, what it said."""
        program = os.path.join(self.folder, "program.py")
        with open(program, "w") as file:
            file.write("import sys\nsys.path.insert(0, %r)\n"
                       "from viztracer import VizTracer\n%s"
                       % (os.path.dirname(recorded.PACKAGE), text))
        environment = recorded.clean_environment()
        environment["VIZTRACER_PYTHON"] = recorded.PYTHON
        environment["XDG_STATE_HOME"] = self.folder
        viztracer = os.path.normpath(os.path.join(
            recorded.PACKAGE, "..", "..", "..", "..", "bin", "viztracer"))
        done = subprocess.run(
            [viztracer, "-o", "all.vzt", program], env=environment,
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return vzt_reader.read(os.path.join(self.folder, "all.vzt")), done
