# SPDX-License-Identifier: Apache-2.0
"""One timed run of one workload under one tracer, in this process.

    workload.py TRACER WORKLOAD ROUNDS

Prints a JSON object: the nanoseconds that the workload took, in all and in its
best round, and when it was over. TRACER is none (also when viztracer records
this process from outside), or one that is started from here: null, clock,
cprofile, viztracer (the module that `import viztracer` finds) and ours-python
(the recorder of that module which is written in Python), each also with -no-c,
which leaves C functions out. clock-first is the clock from before the imports
below on, as a process that is recorded from outside is recorded: an interpreter
takes longer for events of code that was never run without them. With "count" it
prints the entries and exits of Python and of C functions in a round, as
sys.setprofile counts them.
"""
import sys

if sys.argv[1].startswith("clock-first"):
    import null_callback
    null_callback.start(True, not sys.argv[1].endswith("-no-c"))

import ast
import asyncio
import difflib
import json
import threading
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_with_c(n):
    return n if n < 2 else abs(fib_with_c(n - 1)) + abs(fib_with_c(n - 2))


def slow_fib(n):
    """Calls that have something to do."""
    total = 0
    for i in range(100):
        total += i
    return n if n < 2 else slow_fib(n - 1) + slow_fib(n - 2)


def hanoi(count, source, target, spare):
    if count == 0:
        return 0
    return (hanoi(count - 1, source, spare, target) + 1
            + hanoi(count - 1, spare, target, source))


def partition(items, low, high):
    pivot = items[high]
    place = low
    for i in range(low, high):
        if items[i] < pivot:
            items[i], items[place] = items[place], items[i]
            place += 1
    items[place], items[high] = items[high], items[place]
    return place


def quick_sort(items, low, high):
    if low < high:
        middle = partition(items, low, high)
        quick_sort(items, low, middle - 1)
        quick_sort(items, middle + 1, high)


def sort_numbers():
    numbers = [i * 7919 % 5003 for i in range(5000)]
    quick_sort(numbers, 0, len(numbers) - 1)


def c_calls(n):
    sizes = 0
    items = [1, 2, 3]
    for _ in range(n):
        sizes += len(items)
    return sizes


def numbers(n):
    for i in range(n):
        yield i


def doubled(source):
    for value in source:
        yield 2 * value


def pipeline():
    return sum(doubled(doubled(numbers(5000))))


async def pong(queue, answers):
    while await queue.get():
        answers.put_nowait(1)


async def ping(count):
    queue, answers = asyncio.Queue(), asyncio.Queue()
    player = asyncio.ensure_future(pong(queue, answers))
    for _ in range(count):
        queue.put_nowait(1)
        await answers.get()
    queue.put_nowait(0)
    await player


def ping_pong():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(ping(300))
    loop.close()


def four_threads():
    threads = [threading.Thread(target=fib, args=(15,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def source_of(module):
    with open(module.__file__, encoding="utf-8") as file:
        return file.read()


def compare_texts():
    """A real program: what changed between two files."""
    lines = source_of(difflib).splitlines()[:600]
    other = [line for i, line in enumerate(lines) if i % 7]
    return sum(1 for _ in difflib.unified_diff(lines, other))


def rewrite_source():
    """A real program: parse a module and print it anew."""
    return len(ast.unparse(ast.parse(source_of(difflib))))


# name: what runs in one round
WORKLOADS = {
    "fib": lambda: fib(19),
    "fib-c": lambda: fib_with_c(19),
    "slow-fib": lambda: slow_fib(14),
    "hanoi": lambda: hanoi(12, "a", "b", "c"),
    "qsort": sort_numbers,
    "c-calls": lambda: c_calls(20000),
    "generators": pipeline,
    "asyncio": ping_pong,
    "threads": four_threads,
    "difflib": compare_texts,
    "ast": rewrite_source,
}


class Counter:
    """Entries and exits, as sys.setprofile reports them."""

    def __init__(self):
        self.events = {"call": 0, "return": 0, "c_call": 0, "c_return": 0,
                       "c_exception": 0}

    def see(self, frame, event, argument):
        self.events[event] += 1

    def count(self, run):
        threading.setprofile(self.see)
        sys.setprofile(self.see)
        run()
        sys.setprofile(None)
        threading.setprofile(None)
        events = self.events
        return {"python_events": events["call"] + events["return"],
                "c_events": (events["c_call"] - 1 + events["c_return"]
                             + events["c_exception"])}


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


def ours_python(has_c_functions):
    """Our recorder that is written in Python."""
    from viztracer import VizTracer
    return VizTracer("python", verbose=0,
                     ignore_c_function=not has_c_functions)


TRACERS = {
    "none": lambda has_c: Nothing(),
    "clock-first": lambda has_c: Nothing(),
    "null": lambda has_c: NullCallback(False, has_c),
    "clock": lambda has_c: NullCallback(True, has_c),
    "cprofile": CProfile,
    "viztracer": viztracer,
    "ours-python": ours_python,
}


def main():
    tracer_name, workload_name, rounds = sys.argv[1:]
    run = WORKLOADS[workload_name]
    if tracer_name == "count":
        run()
        print(json.dumps(Counter().count(run)))
        return
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
        "end_ns": time.clock_gettime_ns(time.CLOCK_MONOTONIC)}))


main()
