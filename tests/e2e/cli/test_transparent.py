# SPDX-License-Identifier: Apache-2.0
"""A program cannot tell that viztracer started it: what report.py sees is the
same as in a plain run, however the program is given."""
import json
import os
import shutil
import signal
import sys
import unittest
import zipfile

from launcher import HERE, PYTHON, LauncherTest, VIZTRACER

ARGUMENTS = ("one", "--two", "-o", "three four", "")


class SameAsPlain(LauncherTest):
    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(HERE, "report.py"), self.path("report.py"))

    def compare(self, plain, traced, recorded=1, **options):
        """Run both commands; their reports must be equal."""
        expected = self.run_command(*plain, **options)
        self.assertEqual(expected.returncode, 0, expected.stderr)
        actual = self.run_command(*traced, **options)
        self.assertEqual(actual.returncode, 0, actual.stderr)
        if expected.stdout != actual.stdout:
            self.assertEqual(json.loads(expected.stdout),
                             json.loads(actual.stdout))
        self.assertEqual(expected.stdout, actual.stdout)
        self.assertEqual(len(self.recordings()), 1, actual.stderr)
        files = os.listdir(self.recordings()[0])
        self.assertEqual(len(files), recorded, actual.stderr)

    def compare_python(self, *arguments, **options):
        self.compare((PYTHON,) + arguments, (VIZTRACER,) + arguments,
                     **options)

    def test_script(self):
        self.compare_python("report.py", *ARGUMENTS)

    def test_script_elsewhere(self):
        self.compare_python(self.path("report.py"), *ARGUMENTS, cwd="/")

    def test_script_after_dashes(self):
        self.compare((PYTHON, "report.py", "--", "x"),
                     (VIZTRACER, "--quiet", "--", "report.py", "--", "x"))

    def test_script_with_standard_input(self):
        self.compare_python("report.py", input=b"line\n" * 10000)

    def test_module(self):
        self.compare_python("-m", "report", *ARGUMENTS)

    def test_package(self):
        self.write("package/__init__.py", "")
        shutil.copy(self.path("report.py"), self.path("package/__main__.py"))
        self.compare_python("-m", "package", *ARGUMENTS)

    def test_code(self):
        with open(self.path("report.py")) as file:
            self.compare_python("-c", file.read(), *ARGUMENTS)

    def test_program_on_standard_input(self):
        with open(self.path("report.py"), "rb") as file:
            text = file.read()
        self.compare_python("-", *ARGUMENTS, input=text)

    def test_folder(self):
        os.mkdir(self.path("app"))
        shutil.copy(self.path("report.py"), self.path("app/__main__.py"))
        self.compare_python("app", *ARGUMENTS)

    def test_zipapp(self):
        with zipfile.ZipFile(self.path("app.pyz"), "w") as archive:
            archive.write(self.path("report.py"), "__main__.py")
        self.compare_python("app.pyz", *ARGUMENTS)

    def test_console_script_on_path(self):
        with open(self.path("report.py")) as file:
            self.write("bin/report-tool", "#!%s\n%s" % (PYTHON, file.read()),
                       0o755)
        self.environment["PATH"] = "%s:%s" % (self.path("bin"),
                                              os.environ["PATH"])
        self.compare(("report-tool",) + ARGUMENTS,
                     (VIZTRACER, "report-tool") + ARGUMENTS)

    def test_script_with_its_own_interpreter_line(self):
        with open(self.path("report.py")) as file:
            self.write("tool", "#!%s -u\n%s" % (PYTHON, file.read()), 0o755)
        self.compare(("./tool",) + ARGUMENTS,
                     (VIZTRACER, "./tool") + ARGUMENTS)

    def test_any_command(self):
        line = ("sh", "-c", '"$0" report.py "$@"; "$0" report.py', PYTHON,
                "a b")
        self.compare(line, (VIZTRACER, "--") + line, recorded=2)

    def test_python_dash_m_viztracer(self):
        python_path = self.viztracer("--python-path").stdout.decode().strip()
        self.environment["PYTHONPATH"] = python_path
        del self.environment["VIZTRACER_PYTHON"]
        self.compare((PYTHON, "-X", "utf8", "-B", "-W", "error", "-OO",
                      "report.py", "x"),
                     (PYTHON, "-X", "utf8", "-B", "-W", "error", "-OO", "-m",
                      "viztracer", "report.py", "x"))

    def test_python_path_of_the_user(self):
        self.environment["PYTHONPATH"] = "relative:/nowhere:"
        self.compare_python("report.py")

    def test_ignored_signals_and_masks_are_inherited(self):
        def prepare():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])

        self.compare_python("report.py", preexec_fn=prepare)

    def test_ignored_child_signal(self):
        def prepare():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

        self.compare_python("report.py", preexec_fn=prepare)

    def test_descriptors_of_the_caller(self):
        with open(self.path("mine"), "w+") as mine:
            self.compare_python("report.py", pass_fds=[mine.fileno()])

    def test_closed_standard_input(self):
        self.write("closed.py", "import os\nprint(os.listdir('/proc/self/fd'),"
                                "os.path.exists('/proc/self/fd/0'))\n")

        def prepare():
            os.close(0)

        plain = self.run_command(PYTHON, "closed.py", stdin=None,
                                 preexec_fn=prepare)
        traced = self.viztracer("closed.py", stdin=None, preexec_fn=prepare)
        self.assertEqual(plain.stdout.split()[-1], traced.stdout.split()[-1])


class Output(LauncherTest):
    def test_is_passed_through_byte_for_byte(self):
        self.write("copy.py", "import shutil, sys\n"
                   "shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)\n")
        data = bytes(range(256)) * 4000
        done = self.viztracer("copy.py", input=data)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout, data)

    def test_has_nothing_of_ours(self):
        done = self.viztracer("-c", "pass")
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"viztracer view", done.stderr)

    def test_quiet_says_nothing(self):
        done = self.viztracer("--quiet", "-c", "pass")
        self.assertEqual((done.stdout, done.stderr), (b"", b""))

    def test_errors_of_the_program_are_its_own(self):
        self.write("bad.py", "def f(:\n")
        plain = self.run_command(PYTHON, "bad.py")
        traced = self.viztracer("--quiet", "bad.py")
        self.assertEqual((plain.returncode, plain.stdout, plain.stderr),
                         (traced.returncode, traced.stdout, traced.stderr))


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    unittest.main()
