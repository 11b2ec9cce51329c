# SPDX-License-Identifier: Apache-2.0
"""The types that the package declares are those that it has, and say what is
right and wrong. Needs a package index, for mypy.

    PACKAGE=build/dev/lib/viztracer/python/viztracer PYTHON=python3.12
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import recorded

# What "# error" marks is wrong, all else is right.
PROGRAM = '''
from pathlib import Path
from typing import Any

from viztracer import (Counter, FlameGraph, LogObject, VizTracer, __version__,
                       get_tracer, ignore_function)

VizTracer()
VizTracer("python", 0)
VizTracer(5, include_files=["a"], min_duration=0.5, ignore_frozen=False)
VizTracer("perl")  # error
VizTracer(min_duration="5us")  # error
VizTracer(log_gc=True)  # error
VizTracer(colour=1)  # error

class Mine(VizTracer):
    extra = 1

with Mine(output_file="x.json") as tracer:
    tracer.extra + 1
    tracer.add_instant("a", {"b": [1]}, "t")
    tracer.add_instant("a", scope="x")  # error
    tracer.add_counter("a", {"b": 1, "c": 2.5})
    tracer.add_counter("a", {"b": "c"})  # error
    tracer.add_object("N", 5, "name")
    numbers = {"b": 1}
    tracer.add_counter("a", numbers)
    tracer.update_counter("a", numbers)
tracer.stop("flush_as_finish", output_file="y.json")
tracer.stop("now")  # error
tracer.max_stack_depth = 5
tracer.max_stack_depth + 1
tracer.max_stack_depth = "5"  # error
tracer.min_duration = 1
tracer.exclude_files = [Path("a")]
files: "list[str] | None" = tracer.exclude_files
tracer.tracer_entries = None
tracer.enable = True  # error
tracer.parse() + 1
tracer.generate_json().upper()
tracer.add_raw({})  # error
tracer.register_counter("c").update("a", 1)
tracer.register_counter("c").update(1, 1)  # error
Counter(tracer.add_counter, "n").update({"a": 1})
FlameGraph(tracer.data).parse({})["p1_t1"]["value"] + 1.0
FlameGraph().save(Path("x.html"))
(get_tracer() or tracer).save("x.html", file_info=False)
__version__.upper()

@ignore_function
def plain(n: int) -> str:
    return str(n)

@ignore_function(tracer=tracer)
def other(n: int) -> str:
    return str(n)

plain(1).upper()
other(1).upper()
plain("1")  # error
other("1")  # error

class Thing(LogObject):
    def __init__(self) -> None:
        super().__init__(tracer, name="thing")
        self.set_viztracer_attributes(["a"])

    @LogObject.snapshot
    def first(self) -> int:
        return 1

    @LogObject.snapshot(when="both")
    def second(self) -> int:
        return 2

    @LogObject.snapshot(when="never")  # error
    def third(self) -> int:
        return 3

Thing().first() + Thing().second()
'''


class TypesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        environment = os.path.join(cls.folder, "environment")
        subprocess.check_call([recorded.PYTHON, "-m", "venv", environment])
        cls.python = os.path.join(environment, "bin", "python")
        subprocess.check_call(
            [cls.python, "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "mypy"])

    def run_mypy(self, module, *arguments, **variables):
        environment = dict(os.environ, MYPY_CACHE_DIR=os.path.join(
            self.folder, "cache"), **variables)
        return subprocess.run(
            (self.python, "-m", module) + arguments, env=environment,
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def test_the_package_is_what_it_says(self):
        stubs = os.path.join(self.folder, "stubs")
        os.makedirs(os.path.join(stubs, "viztracer"))
        for path in glob.glob(os.path.join(recorded.PACKAGE, "*.pyi")):
            shutil.copy(path, os.path.join(stubs, "viztracer"))
        done = self.run_mypy(
            "mypy.stubtest", "--ignore-missing-stub", "viztracer",
            MYPYPATH=stubs, PYTHONPATH=os.path.dirname(recorded.PACKAGE))
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_programs_are_checked(self):
        # As pip installs it: found beside the interpreter.
        site, = glob.glob(os.path.join(self.folder, "environment", "lib",
                                       "python*", "site-packages"))
        with open(os.path.join(site, "viztracer.pth"), "w") as file:
            file.write(os.path.dirname(recorded.PACKAGE) + "\n")
        program = os.path.join(self.folder, "program.py")
        with open(program, "w") as file:
            file.write(PROGRAM)
        done = self.run_mypy("mypy", "--strict", program)
        found = {int(line) for line in re.findall(
            r"^program\.py:(\d+): error", done.stdout.decode(), re.M)}
        wanted = {number for number, line
                  in enumerate(PROGRAM.split("\n"), 1) if "# error" in line}
        self.assertEqual(found, wanted, done.stdout.decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
