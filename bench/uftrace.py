# SPDX-License-Identifier: Apache-2.0
"""What a call costs the fastest recorder of C programs: uftrace, on fib in C
compiled with -pg. No budget: it shows what a call that needs no interpreter's
hook costs on this machine."""
import os
import shutil
import time

from measure import Unavailable, interleave, run

FIB = 27
CALLS = 832039  # fib(27) makes them
SOURCE = """
#include <stdlib.h>
static int __attribute__((noinline)) fib(int n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
int main(int count, char **words)
{
    return count > 1 && fib(atoi(words[1])) == 0;
}
"""


def build(bench):
    source = os.path.join(bench.folder, "fib.c")
    program = os.path.join(bench.folder, "fib")
    with open(source, "w") as file:
        file.write(SOURCE)
    # At -O2 the compiler would make fewer calls of it.
    run(["cc", "-O1", "-pg", "-o", program, source])
    return program


def timed(command):
    def measure():
        start = time.perf_counter_ns()
        run(command)
        return {"ns": time.perf_counter_ns() - start}
    return measure


def rows(bench):
    if shutil.which("uftrace") is None:
        raise Unavailable("uftrace is not installed (package uftrace)")
    program = build(bench)
    folder = os.path.join(bench.folder, "uftrace.data")
    # Linked with -pg the program profiles itself: "1" makes no calls.
    record = ["uftrace", "record", "--no-pager", "-d", folder, program]
    results = interleave({"traced": timed(record + [str(FIB)]),
                          "start": timed(record + ["1"])},
                         1 if bench.is_quick else 5)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder + ".old", ignore_errors=True)
    best = {name: min(result["ns"] for result in runs)
            for name, runs in results.items()}
    yield {"name": "uftrace, fib in C", "calls": CALLS,
           "ns_per_event": (best["traced"] - best["start"]) / CALLS / 2}


def show(result):
    yield "%s: %.1f ns an event, the call itself included" % (
        result["name"], result["ns_per_event"])
