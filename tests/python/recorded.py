# SPDX-License-Identifier: Apache-2.0
"""Run programs under the recorder without the viztracer command: only with the
environment that the command would give them.

    PACKAGE=build/dev/lib/viztracer/python/viztracer PYTHON=python3.12
"""
import collections
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(1, os.path.join(HERE, "..", "e2e", "programs"))
import oracle  # noqa: E402
import vzt_reader  # noqa: E402

PYTHON = os.environ["PYTHON"]
PACKAGE = os.path.abspath(os.environ["PACKAGE"])
PROGRAMS = os.path.join(HERE, "programs")

Run = collections.namedtuple("Run", "stdout stderr status")


def version():
    """(3, 12) of the interpreter under test."""
    text = subprocess.check_output(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"])
    return tuple(map(int, text.split()))


def clean_environment():
    """The same for every run; what a sanitizer needs is kept."""
    kept = {name: os.environ[name]
            for name in ("PATH", "HOME", "LD_PRELOAD", "ASAN_OPTIONS",
                         "UBSAN_OPTIONS")
            if name in os.environ}
    return dict(kept, LANG="C.UTF-8", PYTHONHASHSEED="0",
                PYTHONDONTWRITEBYTECODE="1", PYTHONNOUSERSITE="1")


def run(arguments, environment, cwd=None, timeout=300):
    done = subprocess.run([PYTHON] + arguments, env=environment, cwd=cwd,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout)
    return Run(done.stdout.decode(), done.stderr.decode(), done.returncode)


def recording_environment(folder, options="", path=""):
    result = clean_environment()
    result["VIZTRACER_RECORD_DIR"] = folder
    result["VIZTRACER_RECORD_OPTIONS"] = options
    bootstrap = os.path.join(PACKAGE, "bootstrap")
    result["PYTHONPATH"] = bootstrap + ":" + path if path else bootstrap
    return result


def record(arguments, folder, options="", status=0, cwd=None,
           reasons=(vzt_reader.STOP_NONE, vzt_reader.STOP_EXIT_CALL,
                    vzt_reader.STOP_EXEC)):
    """Run a program recorded into folder; its trace, and what it said."""
    os.makedirs(folder, exist_ok=True)
    done = run(arguments, recording_environment(folder, options), cwd)
    if done.status != status:
        raise AssertionError("status %d\n%s" % (done.status, done.stderr))
    trace = vzt_reader.read(folder)
    for process in trace.processes:
        lost = (process.status.dropped_calls, process.status.lost_events)
        if lost != (0, 0) or process.status.stop_reason not in reasons:
            raise AssertionError("recording lost calls: %r" % (process.status,))
    return trace, done


def count(arguments, output):
    """[oracle.Thread] of a program with one process."""
    done = run(arguments, oracle.environment(clean_environment(), output))
    if done.status != 0:
        raise AssertionError(done.stderr)
    threads, = oracle.load(output).values()
    return threads


def stream_calls(process, stream, has_qualified_names):
    """{oracle.Function: entries} of one stream."""
    result = collections.Counter()
    for number, calls in process.entry_counts(stream.id).items():
        function = process.functions[number]
        if function.kind == vzt_reader.FUNCTION_PYTHON:
            name = function.name
            if not has_qualified_names:
                name = name.rpartition(".")[2]
            key = oracle.Function("python", name, function.file, function.line)
        else:
            key = oracle.Function("c", function.name, "", 0)
        result[key] += calls
    return result


def names(process, stream=None):
    """The names of the functions entered, with how often."""
    result = collections.Counter()
    for number in process.streams:
        if stream is None or stream.id == number:
            for function, calls in process.entry_counts(number).items():
                result[process.functions[function].name] += calls
    return result


def main_stream(process):
    return min(process.streams.values(), key=lambda stream: stream.id)
