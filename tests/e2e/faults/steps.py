# SPDX-License-Identifier: Apache-2.0
"""Calls of step(), counted in memory that outlives the process.

    steps.py COUNTER HOW [ARGUMENT]

COUNTER is a file of one 64-bit number: the calls that were entered. HOW is what
happens in the middle of a call.
"""
import mmap
import os
import resource
import signal
import sys

CALLS = 20000


def step(counter):
    counter[0] += 1


def abort(counter, argument):
    for end in (os._exit, lambda status: os.abort()) if argument else ():
        child = os.fork()
        if child == 0:
            for _ in range(CALLS):
                step(counter)
            end(3)
        os.waitpid(child, 0)
    os.abort()


def hoard(size, most=512 << 20):
    """All the memory there is, by pieces of this size; but no more than that
    where nothing limits it."""
    pieces = []
    try:
        while len(pieces) * size < most:
            pieces.append(b"x" * size)
    except MemoryError:
        pass
    return pieces


def limit(counter, argument):
    """Run with no address space left."""
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * mmap.PAGESIZE
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (used + (32 << 20), hard))
    pieces = [hoard(size) for size in (1 << 20, 1 << 16, 1 << 12)]
    for _ in range(CALLS):
        step(counter)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    del pieces
    for _ in range(CALLS):
        step(counter)


def cgroup(counter, argument):
    """Take more memory than the control group may have."""
    with open(os.path.join(argument, "cgroup.procs"), "w") as file:
        file.write(str(os.getpid()))
    for _ in range(CALLS):
        step(counter)
    hoard(1 << 20)


def wait(counter, argument):
    """Go on when there is a line in the file."""
    print(os.getpid(), flush=True)
    with open(argument) as file:
        file.readline()
    for _ in range(CALLS):
        step(counter)


def pause(counter, argument):
    print("ready", flush=True)
    while True:
        signal.pause()


def more(counter, argument):
    for _ in range(4 * CALLS):
        step(counter)


def main():
    with open(sys.argv[1], "r+b") as file:
        counter = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    for _ in range(CALLS):
        step(counter)
    globals()[sys.argv[2]](counter, sys.argv[3] if len(sys.argv) > 3 else "")


main()
