# SPDX-License-Identifier: Apache-2.0
"""The programs of the end-to-end tests: real ones, of a million calls each.

A Program prepares its input once in a folder and gives a command that reads
it; reset() brings the folder back to what it was before a run. normalise()
removes from the output what differs between any two runs, and only that.
"""
import base64
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import zipfile


class Program:
    """A command for an interpreter: `python ARGUMENTS`."""

    name = ""
    min_calls = 1000000

    def __init__(self, python, folder):
        self.python = python
        self.folder = folder

    def prepare(self):
        """Make the input. Raises Unavailable when this interpreter cannot."""

    def reset(self):
        """Undo what a run left in the folder."""

    def arguments(self):
        raise NotImplementedError

    def environment(self):
        """Variables that this program needs changed, on top of all others."""
        return {}

    def normalise(self, text):
        return text

    def ask(self, code):
        return subprocess.check_output([self.python, "-c", code], text=True,
                                       cwd=self.folder).strip()


class Unavailable(Exception):
    """This interpreter lacks what the program needs."""


class JsonTool(Program):
    """json.tool on 20 MB; --sort-keys and indentation keep it in the encoder
    that is written in Python, where every chunk is a generator's resume."""

    name = "json"
    size_bytes = 20 * 1000 * 1000

    def prepare(self):
        self.path = os.path.join(self.folder, "input.json")
        random_source = random.Random(1)
        words = ["%06x" % random_source.randrange(1 << 24)
                 for _ in range(1000)]

        def text():
            return " ".join(random_source.choices(words, k=60))

        written = 0
        with open(self.path, "w") as file:
            file.write("[")
            while written < self.size_bytes:
                item = json.dumps({
                    "id": written, "name": text(), "ok": None,
                    "tags": [text() for _ in range(4)],
                    "ratio": random_source.random(),
                    "more": {"zeta": text(), "alpha": text()}})
                written += file.write((",\n" if written else "") + item)
            file.write("]\n")

    def arguments(self):
        return ["-m", "json.tool", "--sort-keys", self.path]


class CompileAll(Program):
    """compileall of the whole standard library. Compiling happens inside one
    C call per file; so the tree is given again and again, and compileall
    checks each time that every file is up to date, until a million calls."""

    name = "compileall"
    checks = 22000  # of a file; each makes at least 46 calls

    def prepare(self):
        library = self.ask("import sysconfig; "
                           "print(sysconfig.get_path('stdlib'))")
        self.tree = os.path.join(self.folder, "lib")

        def unwanted(folder, names):
            return [name for name in names
                    if name in ("__pycache__", "site-packages",
                                "dist-packages")
                    or not (name.endswith(".py")
                            or os.path.isdir(os.path.join(folder, name)))]

        shutil.copytree(library, self.tree, ignore=unwanted)

    def reset(self):
        for folder, folders, _ in os.walk(self.tree):
            if "__pycache__" in folders:
                shutil.rmtree(os.path.join(folder, "__pycache__"))
                folders.remove("__pycache__")

    def arguments(self):
        files = sum(name.endswith(".py") for _, _, names in os.walk(self.tree)
                    for name in names)
        rounds = -(-self.checks // files)
        return ["-m", "compileall", "-q"] + [self.tree] * rounds


class UnitTest(Program):
    """A test module of the standard library, chosen because it needs neither
    network nor clock, and gives the same calls every time."""

    name = "unittest"

    def prepare(self):
        found = self.ask("import importlib.util as u; "
                         "print(u.find_spec('test') is not None and "
                         "u.find_spec('test.test_argparse') is not None)")
        if found != "True":
            raise Unavailable("%s has no `test` package" % self.python)

    def arguments(self):
        return ["-m", "unittest", "test.test_argparse"]

    def normalise(self, text):
        # How long it took.
        return re.sub(r"(?m)^(Ran \d+ tests) in [0-9.]+s$", r"\1", text)


class Pip(Program):
    """pip resolves and installs wheels from a folder: a few dozen packages in
    several versions, whose ranges make the resolver go back."""

    name = "pip"
    min_calls = 800000  # of pip 24; others make over a million
    packages = 24
    versions = 3

    def prepare(self):
        if not self.ask("import importlib.util as u; "
                        "print(u.find_spec('pip') or '')"):
            raise Unavailable("%s has no pip" % self.python)
        self.wheels = os.path.join(self.folder, "wheels")
        self.target = os.path.join(self.folder, "target")
        os.mkdir(self.wheels)
        random_source = random.Random(7)
        for package in range(self.packages):
            for version in range(1, self.versions + 1):
                write_wheel(self.wheels, "chain%02d" % package,
                            "%d.0" % version,
                            self.requirements(random_source, package, version))

    def environment(self):
        # Asked who it is, pip runs rustc and lsb_release and waits for them:
        # how often it looks at its watch meanwhile is different in every run.
        return {"PATH": ""}

    def requirements(self, random_source, package, version):
        later = range(package + 1, min(self.packages, package + 8))
        for other in random_source.sample(later, min(3, len(later))):
            if version == self.versions:  # the newest ones do not fit together
                yield "chain%02d>=1.0,!=%d.0" % (other, self.versions)
            else:
                lowest = random_source.randint(1, self.versions // 2)
                yield "chain%02d>=%d.0" % (other, lowest)

    def reset(self):
        shutil.rmtree(self.target, ignore_errors=True)

    def normalise(self, text):
        # pip 23.0 goes through sets of objects, ordered by their addresses.
        return "\n".join(sorted(text.splitlines()))

    def arguments(self):
        return ["-m", "pip", "install", "--isolated", "--no-cache-dir",
                "--disable-pip-version-check", "--no-color", "--progress-bar",
                "off", "--no-index", "--find-links", self.wheels, "--target",
                self.target, "chain00", "chain05<4"]


def write_wheel(folder, name, version, requirements):
    information = "%s-%s.dist-info" % (name, version)
    members = {
        "%s/__init__.py" % name: "".join(
            "def function_%d(x):\n    return x + %d\n\n" % (i, i)
            for i in range(20)),
        information + "/METADATA":
            "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s" % (
                name, version,
                "".join("Requires-Dist: %s\n" % r for r in requirements)),
        information + "/WHEEL":
            "Wheel-Version: 1.0\nGenerator: viztracer-tests\n"
            "Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in members.items():
        digest = base64.urlsafe_b64encode(
            hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += "%s,sha256=%s,%d\n" % (path, digest, len(text))
    members[information + "/RECORD"] = (
        record + information + "/RECORD,,\n")
    path = os.path.join(folder, "%s-%s-py3-none-any.whl" % (name, version))
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in members.items():
            wheel.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)),
                           text)


class Threads(Program):
    """Eight threads, every other one without threading, with generators and
    exceptions in each. The only program of ours: none of the others has
    threads whose calls are the same in every run."""

    name = "threads"

    def prepare(self):
        self.path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                 "threads.py")

    def arguments(self):
        return [self.path]


PROGRAMS = {program.name: program
            for program in (JsonTool, CompileAll, UnitTest, Pip, Threads)}
