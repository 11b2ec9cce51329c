# SPDX-License-Identifier: Apache-2.0
"""What recording does to a single call, and the memory that it takes."""
import os
import sys

from lifecycle import newest_recording
from measure import ROOT, load_json, run

sys.path.insert(0, os.path.join(ROOT, "tests", "python"))
import vzt_reader  # noqa: E402

# How long each of many calls took, from just before to just after.
PAUSES = """
import json, sys, time
def call():
    pass
now = time.perf_counter_ns
times = [0] * int(sys.argv[1])
for i in range(len(times)):
    start = now()
    call()
    times[i] = now() - start
times.sort()
print(json.dumps({"median": times[len(times) // 2],
                  "p99.99": times[len(times) * 9999 // 10000],
                  "most": times[-1]}))
"""

# Many functions in many threads that all live at the same time.
CROWD = """
import sys, threading
thread_count, function_count = map(int, sys.argv[1:])
functions = []
for i in range(function_count):
    scope = {}
    exec("def f%d(): pass" % i, scope)
    functions.append(scope["f%d" % i])
barrier = threading.Barrier(thread_count)
def work():
    barrier.wait()
    for i in range(20000):
        functions[i % function_count]()
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(thread_count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
THREADS = 40
FUNCTIONS = 20000


def pauses(bench, version):
    python = bench.pythons[version]
    count = str(20000 if bench.is_quick else 2 * 10 ** 6)
    environment = bench.recording_environment(python)
    ways = {"untraced": [python, "-c", PAUSES, count],
            "recorded": [bench.viztracer, "--quiet", "-c", PAUSES, count]}
    result = {"name": "pause %s" % version, "budget": "p99.99 <= 5 ms"}
    for way, command in ways.items():
        result[way] = load_json(run(command, env=environment))
        bench.remove_recordings()
    return result


def show_pauses(result):
    yield "%s (budget: %s)" % (result["name"], result["budget"])
    for way in ("untraced", "recorded"):
        yield ("    one call %-9s median %6.0f ns, p99.99 %8.1f us, most "
               "%8.1f us" % (way, result[way]["median"],
                             result[way]["p99.99"] / 1e3,
                             result[way]["most"] / 1e3))


def memory(bench, version):
    environment = bench.recording_environment(bench.pythons[version])
    run([bench.viztracer, "--quiet", "--tui", "-c", CROWD, str(THREADS),
         str(FUNCTIONS)], env=environment)
    process = vzt_reader.read(newest_recording(environment)).processes[0]
    bench.remove_recordings()
    calls = sum(sum(process.entry_counts(stream).values())
                for stream in process.streams)
    functions = len(process.functions)
    return {"name": "memory %s" % version, "threads": THREADS + 1,
            "functions": functions, "calls": calls,
            "memory_bytes": process.status.memory_bytes,
            "budget_bytes": (1 << 20) + (THREADS + 1) * (64 << 10)
            + 64 * functions}


def show_memory(result):
    yield ("%(name)s: %(calls)d calls of %(functions)d functions in "
           "%(threads)d threads" % result)
    yield "    %.0f KiB at the end by its own counter (budget: %.0f KiB)" % (
        result["memory_bytes"] / 1024, result["budget_bytes"] / 1024)
