# SPDX-License-Identifier: Apache-2.0
"""One timed run of one workload under one tracer, in this process.

    workload.py TRACER WORKLOAD ROUNDS

Prints a JSON object: the nanoseconds that the workload took, in all and in its
best round, the Python and C calls it made, and when it was over. TRACER is none (also when viztracer records this process
from outside), or one that is started from here: null, clock, cprofile,
viztracer (the module that `import viztracer` finds), each also with -no-c,
which leaves C functions out.
"""
import json
import sys
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_with_c(n):
    return n if n < 2 else abs(fib_with_c(n - 1)) + abs(fib_with_c(n - 2))


def c_calls(n):
    sizes = 0
    items = [1, 2, 3]
    for _ in range(n):
        sizes += len(items)
    return sizes


FIB = 19  # of 13,529 calls

# name: (what runs in one round, Python calls, C calls)
WORKLOADS = {
    "fib": (lambda: fib(FIB), 13529, 0),
    "fib-c": (lambda: fib_with_c(FIB), 13529, 13528),
    "c-calls": (lambda: c_calls(20000), 1, 20000),
}


class Nothing:
    def start(self):
        pass

    stop = start


class NullCallback:
    def __init__(self, reads_clock, has_c_functions):
        import null_callback
        self.module = null_callback
        self.options = reads_clock, has_c_functions

    def start(self):
        self.module.start(*self.options)

    def stop(self):
        self.module.stop()


class CProfile:
    def __init__(self, has_c_functions):
        import cProfile
        self.profile = cProfile.Profile(builtins=has_c_functions)
        self.start = self.profile.enable
        self.stop = self.profile.disable


def viztracer(has_c_functions):
    from viztracer import VizTracer
    if has_c_functions:
        return VizTracer(verbose=0)
    return VizTracer(verbose=0, ignore_c_function=True)


TRACERS = {
    "none": lambda has_c: Nothing(),
    "null": lambda has_c: NullCallback(False, has_c),
    "clock": lambda has_c: NullCallback(True, has_c),
    "cprofile": CProfile,
    "viztracer": viztracer,
}


def main():
    tracer_name, workload_name, rounds = sys.argv[1:]
    run, python_calls, c_calls_made = WORKLOADS[workload_name]
    name, has_suffix, _ = tracer_name.partition("-no-c")
    tracer = TRACERS[name](not has_suffix)
    rounds = int(rounds)
    run()  # warm: specialisation, first definitions
    tracer.start()
    times = [time.perf_counter_ns()]
    for _ in range(rounds):
        run()
        times.append(time.perf_counter_ns())
    tracer.stop()
    print(json.dumps({
        "ns": times[-1] - times[0],
        "best_round_ns": min(b - a for a, b in zip(times, times[1:])),
        "python_calls": python_calls * rounds,
        "c_calls": 0 if has_suffix else c_calls_made * rounds,
        "end_ns": time.clock_gettime_ns(time.CLOCK_MONOTONIC)}))


main()
