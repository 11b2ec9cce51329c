# SPDX-License-Identifier: Apache-2.0
"""Interpreters that are not recorded, PyPy and 2.7, below the command: they
say what they say without it, and see no difference.

    PACKAGE=... PYTHON=... VIZTRACER=build/dev/bin/viztracer
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

if not os.path.exists(os.environ["PYTHON"]):
    print("SKIPPED: there is no %s" % os.environ["PYTHON"])
    sys.exit(77)
import recorded  # noqa: E402

PROGRAM = """
from __future__ import print_function
import sys
print(sorted(sys.modules))
print(sys.path, sys.argv, sys.flags)
print(sorted(path for path in sys.path_importer_cache))
print(sys.getprofile(), sys.gettrace())
print([getattr(finder, "__name__", type(finder)) for finder in sys.meta_path])
print("said", file=sys.stderr)
print(sys.stdin.read())
sys.exit(7)
"""

# What a parent in Python that is recorded leaves to a child that cannot be.
PARENT = """
import subprocess
import sys
sys.exit(subprocess.call(sys.argv[1:]))
"""


class ForeignTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.program = self.write("program.py", PROGRAM)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def run_command(self, command, environment):
        return subprocess.run(command, env=environment, input=b"given\n",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=120)

    def run_plain(self, *arguments):
        return self.run_command((recorded.PYTHON,) + arguments,
                                recorded.clean_environment())

    def check(self, done, plain):
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (plain.returncode, plain.stdout, plain.stderr))

    def test_nothing_is_different(self):
        trace = os.path.join(self.folder, "trace")
        os.mkdir(trace)
        environment = recorded.recording_environment(trace)
        for arguments in ((self.program, "x"), ("-c", PROGRAM),
                          ("-E", self.program), ("-s", self.program)):
            plain = self.run_plain(*arguments)
            self.assertEqual(plain.returncode, 7, plain.stderr)
            self.check(self.run_command((recorded.PYTHON,) + arguments,
                                        environment), plain)
        self.assertEqual(os.listdir(trace), [])

    def test_an_error_reads_as_before(self):
        environment = recorded.recording_environment(self.folder)
        arguments = (self.write("error.py", "import nothing_of_that_name\n"),)
        self.check(self.run_command((recorded.PYTHON,) + arguments,
                                    environment), self.run_plain(*arguments))

    def test_below_the_command(self):
        environment = recorded.clean_environment()
        plain = self.run_plain(self.program)
        output = os.path.join(self.folder, "parent.vzt")
        done = self.run_command(
            (os.environ["VIZTRACER"], "--quiet", "-o", output, "--",
             os.environ["PARENT_PYTHON"], self.write("parent.py", PARENT),
             recorded.PYTHON, self.program),
            dict(environment, XDG_STATE_HOME=self.folder))
        self.check(done, plain)
        process, = recorded.vzt_reader.read(output).processes
        self.assertIn("parent.py", process.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
