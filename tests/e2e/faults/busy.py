# SPDX-License-Identifier: Apache-2.0
"""Two threads and a child, with more calls than a small disk can take."""
import os
import sys
import threading


def leaf(value):
    return value + 1


def branch(value):
    for _ in range(10):
        value = leaf(value)
    return value


def work(rounds):
    total = 0
    for i in range(rounds):
        total += branch(i)
    # One write: a line of print() may be torn by the other thread's.
    os.write(1, b"%s %d\n" % (threading.current_thread().name.encode(), total))


child = os.fork()
if child == 0:
    work(3000)
    os._exit(5)
thread = threading.Thread(target=work, args=(10000,), name="worker")
thread.start()
thread.join()
work(10000)
os.write(2, b"child %d\n" % (os.waitpid(child, 0)[1] >> 8))
sys.exit(3)
