# SPDX-License-Identifier: Apache-2.0
"""Four threads and a forked child, which die in the middle of a call.

    victim.py COUNTERS HOW PARENT_CALL CHILD_CALL

COUNTERS is a file of 64-bit numbers that outlives the process: per process and
thread, how many calls of `step` were entered and how many returned. A process
dies in its PARENT_CALL-th (CHILD_CALL-th) call of `step`, 0 = never. HOW is
kill, exit or segfault.
"""
import _thread
import ctypes
import itertools
import mmap
import os
import signal
import sys

THREADS = 4
CALLS = 1500


def die(how):
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "exit":
        os._exit(7)
    elif how == "segfault":
        ctypes.string_at(0)


class Process:
    def __init__(self, counters, index, how, last_call):
        self.counters = counters
        self.index = index
        self.how = how
        self.last_call = last_call
        self.tickets = itertools.count(1)
        self.gate = _thread.allocate_lock()

    def step(self, slot):
        # The entry is in the trace before any of these lines runs.
        self.counters[slot] += 1
        if next(self.tickets) == self.last_call:
            die(self.how)

    def work(self, number, done):
        slot = 2 * (THREADS * self.index + number)
        with self.gate:
            pass
        for _ in range(CALLS):
            self.step(slot)
            # The return is in the trace before this line runs.
            self.counters[slot + 1] += 1
        done.release()

    def run(self):
        locks = [_thread.allocate_lock() for _ in range(THREADS - 1)]
        with self.gate:
            for number, lock in enumerate(locks):
                lock.acquire()
                _thread.start_new_thread(self.work, (number + 1, lock))
        last = _thread.allocate_lock()
        last.acquire()
        self.work(0, last)
        for lock in locks:
            lock.acquire()


def main():
    path, how, parent_call, child_call = sys.argv[1:]
    sys.setswitchinterval(1e-5)
    with open(path, "r+b") as file:
        counters = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    child = os.fork()
    if child == 0:
        Process(counters, 1, how, int(child_call)).run()
        os._exit(0)
    Process(counters, 0, how, int(parent_call)).run()
    os.waitpid(child, 0)


main()
