# SPDX-License-Identifier: Apache-2.0
"""What the tests of the launcher share.

They are run by ctest with VIZTRACER (the binary) and PYTHON (the interpreter
that runs the traced programs) in the environment:

    VIZTRACER=build/dev/bin/viztracer PYTHON=python3 python3 test_NAME.py
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
VIZTRACER = os.path.abspath(os.environ.get(
    "VIZTRACER", os.path.join(ROOT, "build/dev/bin/viztracer")))
PYTHON = os.environ.get("PYTHON", sys.executable)
DEADLINE_S = 60


def wait_until(condition, what):
    """Poll until condition() is true; its value."""
    end = time.monotonic() + DEADLINE_S
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("still waiting until " + what)
        time.sleep(0.005)


def process_state(pid):
    """The letter of proc(5), or "" when there is no such process."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return ""


class LauncherTest(unittest.TestCase):
    """A test with a folder of its own, which is the working directory of what
    it runs, and a folder for recordings."""

    maxDiff = None

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="viztracer-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.kept = os.path.join(self.folder, "kept")
        self.environment = dict(
            os.environ, VIZTRACER_DIR=self.kept, VIZTRACER_PYTHON=PYTHON,
            PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8")
        for name in ("PYTHONPATH", "NO_COLOR", "VIZTRACER_PYTHON_OPTIONS",
                     "VIZTRACER_OUTPUT_FILE"):
            self.environment.pop(name, None)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def run_command(self, *command, **options):
        """Run to the end; stdin is empty unless given. Bytes come back."""
        options.setdefault("cwd", self.folder)
        options.setdefault("env", self.environment)
        if "input" not in options and "stdin" not in options:
            options["input"] = b""
        return subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=DEADLINE_S * 2,
                              **options)

    def viztracer(self, *arguments, **options):
        return self.run_command(VIZTRACER, *arguments, **options)

    def start(self, *arguments, **options):
        """Start viztracer and come back at once."""
        process = subprocess.Popen(
            (VIZTRACER,) + arguments, cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **options)
        self.addCleanup(self.finish, process)
        return process

    @staticmethod
    def finish(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def recordings(self):
        """Paths of the kept recordings, oldest first."""
        if not os.path.isdir(self.kept):
            return []
        paths = [os.path.join(self.kept, name)
                 for name in os.listdir(self.kept)]
        return sorted(paths, key=lambda path: os.stat(path).st_mtime_ns)
