# SPDX-License-Identifier: Apache-2.0
"""Writing a report: bytes a second and the most memory, plain and compressed.

The budget is for plain .json; .json.gz is bound by zlib. The wall clock
includes opening the trace and writing to the disk; the time of the processor
is what the program needed, and says more on a machine that does other things.
"""
import os
import subprocess
import time

from measure import Unavailable, clean_environment, median, run

ROUNDS = 3


def rows(bench):
    for calls in (10 ** 5,) if bench.is_quick else (5 * 10 ** 6,):
        path = os.path.join(bench.folder, "export-%d.vzt" % calls)
        try:
            run([bench.tool("generate_trace"), str(calls), path])
            for suffix in (".json", ".json.gz"):
                yield row(bench, path, calls, suffix)
        finally:
            if os.path.exists(path):
                os.unlink(path)


def row(bench, path, calls, suffix):
    output = path + suffix
    try:
        measured = [export_once(bench, path, output) for _ in range(ROUNDS)]
        size = os.path.getsize(output)
    finally:
        if os.path.exists(output):
            os.unlink(output)
    return {"name": "export %d calls to %s" % (calls, suffix), "calls": calls,
            "bytes": size, "wall_s": median([m[0] for m in measured]),
            "processor_s": median([m[1] for m in measured]),
            "memory_bytes": max(m[2] for m in measured),
            "budget": "plain .json: >= 400 MB/s, memory constant"}


def export_once(bench, path, output):
    """(seconds, seconds of the processors, most bytes of memory)."""
    command = [bench.viztracer, "export", "--quiet", path, "-o", output]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             env=clean_environment())
    _, status, usage = os.wait4(child.pid, 0)
    elapsed = time.perf_counter() - start
    child.returncode = status
    if status != 0:
        raise Unavailable("%s: wait status %d" % (" ".join(command), status))
    return elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def show(result):
    megabytes = result["bytes"] / 1e6
    yield "%s: %.0f MB (budget: %s)" % (result["name"], megabytes,
                                        result["budget"])
    yield "    wall clock  %7.2f s  %7.0f MB/s" % (
        result["wall_s"], megabytes / result["wall_s"])
    yield "    processor   %7.2f s  %7.0f MB/s" % (
        result["processor_s"], megabytes / result["processor_s"])
    yield "    most memory %7.0f MB" % (result["memory_bytes"] / 1e6)
