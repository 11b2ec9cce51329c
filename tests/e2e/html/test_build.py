# SPDX-License-Identifier: Apache-2.0
"""What a build says without npm, and what it gives without HTML reports.

    MAKE_TRACES=... VIZTRACER=build/dev/bin/viztracer \\
    python3 test_build.py Configure|Without
"""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from launcher import ROOT, LauncherTest  # noqa: E402


class BuildTest(LauncherTest):
    def configure(self, *options):
        return self.run_command(
            "cmake", "-S", ROOT, "-B", self.path("build"), "-G", "Ninja",
            "-DVIZTRACER_PYTHON=OFF", "-DNPM_COMMAND=", "-DNODE_COMMAND=",
            *options)


class Configure(BuildTest):
    def test_names_what_is_missing_and_the_way_without_it(self):
        done = self.configure()
        self.assertNotEqual(done.returncode, 0)
        said = " ".join(done.stderr.decode().split())
        for part in ("nodejs and npm", "-DVIZTRACER_HTML=OFF",
                     "-C cmake.define.VIZTRACER_HTML=OFF"):
            self.assertIn(part, said)

    def test_works_without_html(self):
        done = self.configure("-DVIZTRACER_HTML=OFF")
        self.assertEqual(done.returncode, 0, done.stderr.decode())


class Without(BuildTest):
    def test_a_report_is_refused_and_not_written_by_default(self):
        done = self.configure("-DVIZTRACER_HTML=OFF")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        done = self.run_command("cmake", "--build", self.path("build"),
                                "--target", "command")
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        self.run_command(os.environ["MAKE_TRACES"], "hostile", self.folder)
        viztracer = self.path("build/bin/viztracer")
        done = self.run_command(viztracer, "export", "trace.vzt", "-o",
                                "x.html")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"x.html: this viztracer was built without HTML reports",
                      done.stderr)
        self.assertFalse(os.path.exists(self.path("x.html")))
        done = self.run_command(viztracer, "export", "trace.vzt", "-o",
                                "x.json")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
