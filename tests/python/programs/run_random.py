# SPDX-License-Identifier: Apache-2.0
"""Run random programs one after the other: each entry and exit in them is
recorded from outside, counted here, or both.

    python run_random.py MODE OUTPUT PROGRAM...

MODE is plain (only run), count (write each call to OUTPUT, by sys.setprofile),
inline (VizTracer records where a program says so, and saves to OUTPUT) or
count-inline (count where it would record). What this file does itself is
not part of a program: its calls are to be taken out of both lists.
"""
import _thread
import contextlib
import dis
import functools
import gc
import itertools
import marshal
import re
import sys
import threading
import weakref

STARTERS = ("start_new_thread", "start_joinable_thread")
THREADS_MAX = 12  # of a program
OWN_FILE = sys._getframe().f_code.co_filename
CO_OPTIMIZED = 1  # no module, no class body
CO_ASYNC_GENERATOR = 0x200
CO_GENERATORS = 0x20 | 0x80 | CO_ASYNC_GENERATOR
OFFSETS = {}  # code object -> Offsets
threads = []  # [events] in the order in which the threads started
is_counting = True
main_counter = []  # the profile function of the main thread
kept_threads = []
raw_threads = [0]  # that are running
joined_threads = [0]  # so, too
threads_left = [0]  # that the program may start


class Offsets:
    """Where a generator's code returns for good (what else leaves it has
    yielded) and where it begins to run, from 3.11 on."""

    def __init__(self, code):
        self.returns = set()
        self.first_resume = -1
        has_generator = False
        for instruction in dis.get_instructions(code):
            name = instruction.opname
            if name == "RETURN_GENERATOR":
                has_generator = True
            elif name.startswith("RETURN_") or name == "END_FINALLY":
                # On 3.6 and 3.7 what returns within try goes on at its end.
                self.returns.add(instruction.offset)
            elif (name == "RESUME" and has_generator
                  and self.first_resume < 0):
                self.first_resume = instruction.offset


def offsets_of(code):
    if code not in OFFSETS:
        OFFSETS[code] = Offsets(code)
    return OFFSETS[code]


def may_return_none(code):
    """Only functions of a program, but for a few, never do."""
    return (not code.co_flags & CO_OPTIMIZED
            or code.co_flags & CO_ASYNC_GENERATOR
            or code.co_name[0] == "<"
            or not code.co_filename.rpartition("/")[2].startswith("program_")
            or code.co_name in ("__init__", "__del__"))


def exit_kind(frame, value):
    """What leaves with an exception looks like what returns None."""
    code = frame.f_code
    if value is None:
        return "exit" if may_return_none(code) else "unwind"
    if not code.co_flags & CO_GENERATORS:
        return "return"
    return ("return" if frame.f_lasti in offsets_of(code).returns
            else "yield")


def entry_kind(frame):
    """Not whether an exception is thrown in: nothing says so."""
    code = frame.f_code
    if not code.co_flags & CO_GENERATORS:
        return "call"
    first = (-1 if sys.version_info < (3, 11)
             else offsets_of(code).first_resume)
    return "call" if frame.f_lasti == first else "resume"


def new_counter():
    events = []
    threads.append(events)

    def count(frame, event, argument):
        code = frame.f_code
        if not is_counting or code.co_filename == OWN_FILE:
            return
        if event == "call":
            events.append((entry_kind(frame), name_of(code)))
        elif event == "return":
            events.append((exit_kind(frame, argument), name_of(code)))
        elif argument.__name__ not in STARTERS:  # replaced here
            events.append((event, argument.__name__))

    return count


def name_of(code):
    return getattr(code, "co_qualname", code.co_name)


def count_new_threads():
    """Threads are counted from their first call on, as they are recorded."""
    def hooked(start):
        def start_new_thread(function, args=(), *more, **options):
            def run(*values, **keywords):
                sys.setprofile(new_counter())
                return function(*values, **keywords)

            return start(run, args, *more, **options)

        return start_new_thread

    def hooked_joinable(start):
        def start_joinable_thread(function, *more, **options):
            def run():
                sys.setprofile(new_counter())
                return function()

            return start(run, *more, **options)

        return start_joinable_thread

    _thread.start_new_thread = hooked(_thread.start_new_thread)
    threading._start_new_thread = _thread.start_new_thread
    if hasattr(_thread, "start_joinable_thread"):
        _thread.start_joinable_thread = hooked_joinable(
            _thread.start_joinable_thread)
        threading._start_joinable_thread = _thread.start_joinable_thread


def release(lock):
    """Seen to be ours also where recording began in the call that called us."""
    lock.release()


def start_thread(function, n):
    """By either way there is; it ends before the next one starts. Threads may
    start threads: there is an end to them."""
    if threads_left[0] == 0:
        return n + 2
    threads_left[0] -= 1
    # A thread made by _thread alone that threading hears of is known by its
    # number until the next one with that number: so it starts only such.
    if n % 2 or raw_threads[0]:
        done = _thread.allocate_lock()
        done.acquire()
        raw_threads[0] += 1

        def run():
            try:
                function(n)
            finally:
                release(done)

        _thread.start_new_thread(run, ())
        done.acquire()
        raw_threads[0] -= 1
    else:
        thread = threading.Thread(target=function, args=(n,))
        kept_threads.append(thread)  # so that none dies while others run
        joined_threads[0] += 1
        thread.start()
        thread.join()
        joined_threads[0] -= 1
    return n + 1


def in_deep_thread(function, *arguments):
    """Recursion takes C stack before 3.11."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1 << 30)
    size = threading.stack_size(1 << 30)
    start_thread(lambda n: function(*arguments), 1)
    threading.stack_size(size)
    sys.setrecursionlimit(limit)


def begin_of_programs(mode, tracer):
    global is_counting
    if mode.startswith("count"):
        is_counting = mode == "count"
        count_new_threads()
        main_counter.append(new_counter())
        sys.setprofile(main_counter[0])


def end_of_programs(mode):
    if mode.startswith("count"):
        sys.setprofile(None)


def set_counting(mode, tracer, value):
    """Only while there is one thread: when one that waits goes on, before or
    after the change, is not the same in every run."""
    global is_counting
    if raw_threads[0] or joined_threads[0]:
        return
    if mode == "inline":
        if value:
            tracer.start()
        else:
            tracer.stop()
    elif mode == "count-inline":
        if value and not is_counting:
            for events in threads:
                events.append(("gap", ""))
        is_counting = value
        # From 3.15 on an exception thrown into a generator that is suspended
        # while profiling begins is not reported.
        if sys.version_info >= (3, 15):
            sys.setprofile(main_counter[0] if value else None)


def run_programs(mode, tracer, paths):
    names = {"functools": functools, "gc": gc, "itertools": itertools,
             "re": re, "weakref": weakref, "contextlib": contextlib,
             "start_thread": start_thread, "in_deep_thread": in_deep_thread,
             "record_start": lambda: set_counting(mode, tracer, True),
             "record_stop": lambda: set_counting(mode, tracer, False)}
    for path in paths:
        with open(path) as file:
            code = compile(file.read(), path, "exec")
        scope = dict(names, __name__=path)
        threads_left[0] = THREADS_MAX
        exec(code, scope)
        set_counting(mode, tracer, False)
        scope.clear()
        gc.collect()


def main():
    mode, output = sys.argv[1:3]
    tracer = None
    if mode.endswith("inline"):
        from viztracer import VizTracer
        tracer = VizTracer(verbose=0)
    gc.disable()
    sys.setswitchinterval(1000)  # threads change only where they wait
    begin_of_programs(mode, tracer)
    run_programs(mode, tracer, sys.argv[3:])
    end_of_programs(mode)
    if mode.startswith("count"):
        with open(output, "wb") as file:
            marshal.dump(threads, file)
    elif mode == "inline":
        tracer.save(output)


main()
