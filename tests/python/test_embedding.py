# SPDX-License-Identifier: Apache-2.0
"""A program in C with an interpreter inside, started and ended several times:
it runs as without a recorder, and what it calls is recorded."""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import recorded
from recorded import vzt_reader

SOURCE = os.path.join(recorded.PROGRAMS, "embed.c")
PROBE = """
import sysconfig
names = ("INCLUDEPY", "LIBDIR", "LIBPL", "LDVERSION", "LIBS", "SYSLIBS",
         "Py_ENABLE_SHARED")
for name in names:
    print(sysconfig.get_config_var(name) or "")
"""


def build(folder):
    """The program, for the interpreter under test."""
    found = subprocess.check_output([recorded.PYTHON, "-c", PROBE]).decode()
    include, libdir, libpl, version, libs, syslibs, shared = (
        found.split("\n")[:7])
    program = os.path.join(folder, "embed")
    done = subprocess.run(
        ["cc", "-o", program, "-I", include, SOURCE, "-rdynamic",
         "-L" + libdir, "-L" + libpl, "-Wl,-rpath," + libdir,
         "-lpython" + version] + shlex.split(libs) + shlex.split(syslibs)
        + ["-lm"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print("SKIPPED: this interpreter cannot be embedded:\n"
              + done.stdout.decode()[-500:])
        sys.exit(77)
    return program


class EmbeddingTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def run_program(self, program, environment):
        # It finds its standard library by this.
        prefix = subprocess.check_output(
            [recorded.PYTHON, "-c", "import sys; print(sys.base_prefix)"])
        environment["PYTHONHOME"] = prefix.decode().strip()
        return subprocess.run([program], env=environment, timeout=60,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_an_interpreter_that_comes_again(self):
        program = build(self.folder)
        folder = os.path.join(self.folder, "recorded")
        os.mkdir(folder)
        plain = self.run_program(program, recorded.clean_environment())
        self.assertEqual(plain.returncode, 0, plain.stderr)
        done = self.run_program(program,
                                recorded.recording_environment(folder))
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, plain.stdout, plain.stderr))
        trace = vzt_reader.read(folder)
        squares = [recorded.names(process)["square"]
                   for process in trace.processes]
        self.assertIn(10, squares)


if __name__ == "__main__":
    unittest.main(verbosity=2)
