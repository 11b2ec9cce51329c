# SPDX-License-Identifier: Apache-2.0
"""Opening JSON: to the first whole screen, against readers of any JSON.

One file is VizTracer's own. The others hold one trace of many threads and
functions, with instants and counters, whose events are listed by start, as our
own reports are, by end over all threads, as VizTracer's are, and shuffled, so
that a sort is needed; and compressed. The others make objects (json, orjson) or
a tree (simdjson's DOM) of the text and nothing of what it means. All run in
turn; medians. The memory budget is for each event.
"""
import gzip
import os
import random
import re
import shutil
import subprocess
import sys
import time

from measure import (HERE, Unavailable, clean_environment, median,
                     other_viztracer, run)

ROUNDS = 3
TIMES = re.compile(rb'"ts":(\d+)\.(\d+),"ph":"X","dur":(\d+)\.(\d+)')
LOADERS = {
    "json.load": "import json; json.load(file)",
    "orjson": "import orjson; orjson.loads(file.read())",
    "simdjson": "import simdjson; simdjson.Parser().parse(file.read())",
}
LOAD = """
import gzip, sys
path = sys.argv[1]
file = (gzip.open if path.endswith(".gz") else open)(path, "rb")
"""
COUNT = r"""
import re, sys
with open(sys.argv[1], "rb") as file:
    print(len(re.findall(rb'"ph": ?"X"', file.read())))
"""
BUDGET = {
    "own": ">= 8 x json.load; <= 48 B an event + 64 MiB",
    "sort": ">= 5 x json.load; <= 48 B an event + 64 MiB",
    "none": "memory as above; the time is zlib's",
}


def rows(bench):
    calls = 10 ** 4 if bench.is_quick else 10 ** 6
    readers = json_readers(bench)
    yield from generated_rows(bench, readers, calls)
    try:
        # the size that VizTracer itself is known for: 12 s to save
        yield own_row(bench, readers, 27 * calls // 10)
    except Unavailable as reason:
        print("bench: VizTracer's own file is left out: %s" % reason)


def generated_rows(bench, readers, calls):
    base = os.path.join(bench.folder, "import-%d" % calls)
    ways = (("by start", ".json", "own"), ("by end", "-by-end.json", "own"),
            ("shuffled", "-shuffled.json", "sort"),
            ("by start, gzip", ".json.gz", "none"))
    files = [base + suffix for _, suffix, _ in ways]
    try:
        run([bench.tool("generate_trace"), str(calls), base + ".vzt"])
        run([bench.viztracer, "export", "--quiet", base + ".vzt", "-o",
             files[0]])
        # in a process of its own: a child's peak begins with its parent's
        run([sys.executable, "-B", os.path.abspath(__file__), *files])
        for (order, _, budget), file in zip(ways, files):
            yield row(readers, file, calls, budget, bench,
                      "import %d calls listed %s" % (calls, order))
    finally:
        for file in files + [base + ".vzt"]:
            if os.path.exists(file):
                os.unlink(file)


def own_row(bench, readers, calls):
    """A file that VizTracer itself writes."""
    path = os.path.join(bench.folder, "import-viztracer.json")
    python = other_viztracer(bench, next(iter(bench.pythons)))
    try:
        run([python, "-m", "viztracer", "--quiet", "-o", path,
             "--tracer_entries", str(10 * calls), "--",
             os.path.join(HERE, "import_program.py"), str(calls)])
        # in a process of its own, see above
        events = int(run([sys.executable, "-c", COUNT, path]))
        return row(readers, path, events, "own", bench,
                   "import VizTracer's file of %d calls" % events)
    finally:
        if os.path.exists(path):
            os.unlink(path)


def json_readers(bench):
    """{name: (interpreter, program)} of those that can be had."""
    readers = {"json.load": (sys.executable, LOAD + LOADERS["json.load"])}
    folder = os.path.join(bench.folder, "json-readers")
    python = os.path.join(folder, "bin", "python")
    marker = os.path.join(folder, "installed")
    if not os.path.exists(marker) and not bench.is_quick:
        run([sys.executable, "-m", "venv", "--clear", folder])
        run([python, "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "orjson", "pysimdjson"])
        with open(marker, "w"):
            pass
    if os.path.exists(marker):
        for name in ("orjson", "simdjson"):
            readers[name] = (python, LOAD + LOADERS[name])
    return readers


def end_of(line):
    """When the call of a line ends; other events stay in front."""
    match = TIMES.search(line)
    if match is None:
        return 0
    numbers = [int(match[1] + match[2]), int(match[3] + match[4])]
    return sum(numbers)


def reorder(source, by_end, shuffled, compressed):
    """Write the events of our own report in other orders, and compressed."""
    with open(source, "rb") as file:
        lines = file.read().split(b"\n")
    last = lines.index(b"],")
    events = [line.rstrip(b",") for line in lines[1:last]]
    events.sort(key=end_of)
    write_events(by_end, lines[0], events, lines[last:])
    random.Random(1).shuffle(events)
    write_events(shuffled, lines[0], events, lines[last:])
    with open(source, "rb") as file, gzip.open(compressed, "wb", 6) as out:
        shutil.copyfileobj(file, out, 1 << 20)


def write_events(path, head, events, tail):
    with open(path, "wb") as file:
        file.write(head + b"\n" + b",\n".join(events) + b"\n"
                   + b"\n".join(tail))


def row(readers, path, calls, budget, bench, name):
    commands = {"ours": [bench.viztracer, "view", "--headless", "160x50",
                         "--dump", "text", path]}
    for reader, (python, program) in readers.items():
        commands[reader] = [python, "-c", program, path]
    rounds = [{way: measure(command) for way, command in commands.items()}
              for _ in range(1 if bench.is_quick else ROUNDS)]
    result = {"name": name, "calls": calls, "bytes": os.path.getsize(path),
              "budget": BUDGET[budget], "ways": {}}
    for way in commands:
        result["ways"][way] = {
            "wall_s": median([one[way][0] for one in rounds]),
            "processor_s": median([one[way][1] for one in rounds]),
            "memory_bytes": max(one[way][2] for one in rounds)}
    return result


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
    ours = result["ways"]["ours"]
    yield "%s: %.0f MB (budget: %s)" % (result["name"], megabytes,
                                        result["budget"])
    for way, taken in result["ways"].items():
        yield ("    %-10s wall clock %6.2f s %5.0f MB/s  processor %6.2f s  "
               "memory %5.0f MB  %4.1f x" % (
                   way, taken["wall_s"], megabytes / taken["wall_s"],
                   taken["processor_s"], taken["memory_bytes"] / 1e6,
                   taken["wall_s"] / ours["wall_s"]))
    yield "    budget of memory %.0f MB" % (
        (result["calls"] * 48 + (64 << 20)) / 1e6)


if __name__ == "__main__":
    reorder(*sys.argv[1:])
