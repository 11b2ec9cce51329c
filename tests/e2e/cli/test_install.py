# SPDX-License-Identifier: Apache-2.0
"""An installed prefix works where it is, and where it is moved to.

BUILD is the build tree that is installed.
"""
import os
import subprocess
import sys
import unittest

from launcher import PYTHON, LauncherTest

BUILD = os.environ["BUILD"]


class Prefix(LauncherTest):
    def check(self, prefix):
        viztracer = os.path.join(prefix, "bin", "viztracer")
        done = self.run_command(viztracer, "-o", "x.vzt", "-c", "len('abc')")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_command(viztracer, "export", "x.vzt", "-o", "x.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("x.json")) as file:
            self.assertIn("builtins.len", file.read())
        folder = self.run_command(viztracer, "--python-path").stdout.decode()
        self.assertEqual(folder.strip(),
                         os.path.join(prefix, "lib/viztracer/python"))
        done = self.run_command(
            PYTHON, "-c", "import viztracer; print(viztracer.__file__)",
            env=dict(self.environment, PYTHONPATH=folder.strip()))
        self.assertTrue(done.stdout.decode().startswith(prefix), done.stderr)

    def test_can_be_moved(self):
        subprocess.check_call(
            ["cmake", "--install", BUILD, "--prefix", self.path("here")],
            stdout=subprocess.DEVNULL)
        self.check(self.path("here"))
        os.makedirs(self.path("else where"))
        os.rename(self.path("here"), self.path("else where/[moved]"))
        self.check(self.path("else where/[moved]"))

    def test_a_binary_without_its_package_says_so(self):
        subprocess.check_call(
            ["cmake", "--install", BUILD, "--prefix", self.path("here")],
            stdout=subprocess.DEVNULL)
        os.rename(self.path("here/lib/viztracer/python"), self.path("gone"))
        done = self.run_command(self.path("here/bin/viztracer"), "-c", "pass")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"is missing; install viztracer again", done.stderr)


if __name__ == "__main__":
    print("build %s, python %s" % (BUILD, PYTHON), file=sys.stderr)
    unittest.main()
