# SPDX-License-Identifier: Apache-2.0
"""Opening JSON: to the first whole screen, against Python's json.load.

Two files have the same events: listed by start, as our own reports are, and by
end over all threads, as VizTracer's are. Bytes are of the file; the memory
budget is for each event.
"""
import os
import re
import subprocess
import sys
import time

from measure import Unavailable, clean_environment, median, run

ROUNDS = 3
TIMES = re.compile(rb'"ts":(\d+)\.(\d+),"ph":"X","dur":(\d+)\.(\d+)')


def rows(bench):
    calls = 10 ** 4 if bench.is_quick else 10 ** 6
    base = os.path.join(bench.folder, "import-%d" % calls)
    files = [base + suffix for suffix in (".vzt", ".json", "-by-end.json")]
    try:
        run([bench.tool("generate_trace"), str(calls), files[0]])
        run([bench.viztracer, "export", "--quiet", files[0], "-o", files[1]])
        # in a process of its own: a child's peak begins with its parent's
        run([sys.executable, "-B", os.path.abspath(__file__), *files[1:]])
        yield row(bench, files[1], calls, "by start")
        yield row(bench, files[2], calls, "by end")
    finally:
        for file in files:
            if os.path.exists(file):
                os.unlink(file)


def end_of(line):
    """When the call of a line ends; other events stay in front."""
    match = TIMES.search(line)
    if match is None:
        return 0
    numbers = [int(match[1] + match[2]), int(match[3] + match[4])]
    return sum(numbers)


def reorder(source, target):
    """Write the events of our own report by their ends."""
    with open(source, "rb") as file:
        lines = file.read().split(b"\n")
    last = lines.index(b"],")
    events = [line.rstrip(b",") for line in lines[1:last]]
    events.sort(key=end_of)
    with open(target, "wb") as file:
        file.write(lines[0] + b"\n" + b",\n".join(events) + b"\n"
                   + b"\n".join(lines[last:]))


def row(bench, path, calls, order):
    view = [bench.viztracer, "view", "--headless", "160x50", "--dump", "text",
            path]
    load = [sys.executable, "-c",
            "import json, sys; json.load(open(sys.argv[1]))", path]
    rounds = [(measure(view), measure(load)) for _ in range(ROUNDS)]
    return {"name": "import %d calls listed %s" % (calls, order),
            "calls": calls, "bytes": os.path.getsize(path),
            "wall_s": median([ours[0] for ours, _ in rounds]),
            "processor_s": median([ours[1] for ours, _ in rounds]),
            "memory_bytes": max(ours[2] for ours, _ in rounds),
            "python_wall_s": median([theirs[0] for _, theirs in rounds]),
            "python_processor_s": median([theirs[1] for _, theirs in rounds]),
            "python_memory_bytes": max(theirs[2] for _, theirs in rounds),
            "budget": ">= 8 x json.load; <= 48 B an event + 64 MiB"}


def measure(command):
    """(seconds, seconds of the processors, most bytes of memory)."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL,
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
    for name, unit in (("wall", "wall clock"), ("processor", "processor ")):
        seconds = result[name + "_s"]
        yield "    %s  %7.2f s  %7.0f MB/s  json.load %7.2f s  %.1f x" % (
            unit, seconds, megabytes / seconds, result["python_%s_s" % name],
            result["python_%s_s" % name] / seconds)
    yield "    most memory %7.0f MB  budget %7.0f MB  json.load %7.0f MB" % (
        result["memory_bytes"] / 1e6,
        (result["calls"] * 48 + (64 << 20)) / 1e6,
        result["python_memory_bytes"] / 1e6)


if __name__ == "__main__":
    reorder(*sys.argv[1:])
