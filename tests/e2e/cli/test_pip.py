# SPDX-License-Identifier: Apache-2.0
"""`pip install .` in a fresh virtual environment gives the command and the
package, wherever the environment is called from. Needs a package index for the
build's own requirements."""
import os
import subprocess
import sys
import unittest

from launcher import PYTHON, ROOT, LauncherTest


class Pip(LauncherTest):
    def setUp(self):
        super().setUp()
        for name in ("VIZTRACER_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"):
            self.environment.pop(name, None)
        self.environment["CMAKE_ARGS"] = "-DVIZTRACER_PYTHONS=" + PYTHON
        subprocess.check_call([PYTHON, "-m", "venv", self.path("env")])

    def in_environment(self, name, *arguments):
        done = self.run_command(self.path("env/bin/" + name), *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def test_gives_command_and_package(self):
        subprocess.check_call(
            [self.path("env/bin/python"), "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", ROOT], env=self.environment)
        prefix = self.in_environment("viztracer", "-c",
                                     "import sys; print(sys.prefix)")
        self.assertEqual(prefix.strip(), self.path("env"))
        self.assertTrue(os.path.exists(self.path("result.html")))
        self.assertIn("<module>", self.in_environment("viztracer", "view"))

        folder = self.in_environment("viztracer", "--python-path").strip()
        self.assertTrue(folder.startswith(self.path("env/lib/python3.")))
        said = self.in_environment("python", "-m", "viztracer", "--version")
        self.assertEqual(said, self.in_environment("viztracer", "--version"))

        self.in_environment(
            "python", "-c", "import viztracer\n"
            "with viztracer.VizTracer(output_file='x.json', verbose=0):\n"
            "    len('abc')")
        with open(self.path("x.json")) as file:
            self.assertIn("builtins.len", file.read())

        # Called by a link from elsewhere, it still finds all of it.
        os.symlink(self.path("env/bin/viztracer"), self.path("linked"))
        done = self.run_command(self.path("linked"), "--python-path")
        self.assertEqual(done.stdout.decode().strip(), folder)


if __name__ == "__main__":
    print("python %s" % PYTHON, file=sys.stderr)
    unittest.main()
