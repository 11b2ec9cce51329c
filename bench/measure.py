# SPDX-License-Identifier: Apache-2.0
"""What the rows of the benchmark share: where things are, how a process is
timed, how several ways of doing the same are compared.

Machines drift: all ways run in turn within each round, and what is compared is
the smallest of each (for added times) or the median (for latencies).
"""
import glob
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


class Unavailable(Exception):
    """A row, or a part of it, cannot be measured here; the text says why."""


class Bench:
    """Where the product is, where results go, and how much to measure."""

    def __init__(self, build, is_quick, version_names):
        self.build = os.path.abspath(build)
        self.viztracer = os.path.join(self.build, "bin", "viztracer")
        self.folder = os.path.join(ROOT, "build", "bench")
        self.is_quick = is_quick
        self.pythons = dict(find_pythons(version_names))
        os.makedirs(self.folder, exist_ok=True)
        if not os.access(self.viztracer, os.X_OK):
            raise Unavailable("%s is not built" % self.viztracer)

    def tool(self, name):
        """A program that is built for the benchmark."""
        path = os.path.join(self.build, "bench", name)
        if not os.access(path, os.X_OK):
            raise Unavailable("%s is not built" % path)
        return path

    def recording_environment(self, python, **more):
        """Recordings go to the default disk, in a folder of their own."""
        return clean_environment(
            VIZTRACER_PYTHON=python,
            VIZTRACER_DIR=os.path.join(self.folder, "recordings"),
            VIZTRACER_OUTPUT_FILE=os.path.join(self.folder, "result.html"),
            **more)

    def remove_recordings(self):
        shutil.rmtree(os.path.join(self.folder, "recordings"),
                      ignore_errors=True)


def clean_environment(**more):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("PYTHON", "VIZTRACER"))}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment.update(more)
    return environment


def find_pythons(versions):
    """(version, path) of each that is on PATH or under pyenv."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for version in versions:
        places = sorted(glob.glob(
            "%s/versions/%s.*/bin/python3" % (root, version)), reverse=True)
        on_path = shutil.which("python" + version)
        for python in places + ([on_path] if on_path else []):
            if has_headers(python):
                yield version, python
                break
        else:
            print("bench: no Python %s with its headers was found: its rows "
                  "are left out" % version, file=sys.stderr)


def has_headers(python):
    try:
        include = ask(python, "import sysconfig; "
                              "print(sysconfig.get_path('include'))")
    except (OSError, subprocess.CalledProcessError):
        return False
    return os.path.exists(os.path.join(include, "Python.h"))


def ask(python, code):
    return subprocess.check_output([python, "-c", code], text=True,
                                   env=clean_environment()).strip()


def run(command, **options):
    """Run to the end; its output. A failure ends the row and says why."""
    options.setdefault("env", clean_environment())
    done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **options)
    if done.returncode != 0:
        raise Unavailable("%s: status %d: %s" % (
            " ".join(command[:4]), done.returncode, done.stderr[-400:]))
    return done.stdout


def timed(command, **options):
    """(seconds from start to end, output)."""
    start = time.perf_counter()
    output = run(command, **options)
    return time.perf_counter() - start, output


def cpu_timed(command, **options):
    """(seconds, seconds of processor time with all children)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = timed(command, **options)[0]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, (after.ru_utime + after.ru_stime
                     - before.ru_utime - before.ru_stime)


def interleave(ways, rounds):
    """ways: {name: function that measures once}. All run in turn, `rounds`
    times; {name: [results]}."""
    results = {name: [] for name in ways}
    for _ in range(rounds):
        for name, measure in ways.items():
            results[name].append(measure())
    return results


def build_null_callback(bench, version):
    """The folder that makes `import null_callback` work."""
    python = bench.pythons[version]
    folder = os.path.join(bench.folder, "null-" + version)
    os.makedirs(folder, exist_ok=True)
    include = ask(python,
                  "import sysconfig; print(sysconfig.get_path('include'))")
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    run([shutil.which(compiler) or "cc", "-O2", "-shared", "-fPIC",
         "-I" + include, "-I" + os.path.join(ROOT, "src"),
         os.path.join(HERE, "null_callback.c"), "-o",
         os.path.join(folder, "null_callback.so")])
    return folder


def other_viztracer(bench, version):
    """The interpreter of a virtual environment that has VizTracer 1.1.1."""
    folder = os.path.join(bench.folder, "viztracer-1.1.1-py" + version)
    python = os.path.join(folder, "bin", "python")
    marker = os.path.join(folder, "installed")
    if os.path.exists(marker):
        return python
    if bench.is_quick:
        raise Unavailable("VizTracer 1.1.1 is not installed (a full run does)")
    run([bench.pythons[version], "-m", "venv", "--clear", folder])
    run([python, "-m", "pip", "install", "--quiet",
         "--disable-pip-version-check", "viztracer==1.1.1"])
    with open(marker, "w"):
        pass
    return python


def median(values):
    return statistics.median(values)


def load_json(text):
    return json.loads(text.strip().splitlines()[-1])
