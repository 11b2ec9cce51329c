# SPDX-License-Identifier: Apache-2.0
"""What the programs of test_processes.py do: call work() and say how often.

A line "PID TAG CALLS" goes to the file in the variable MADE, by one write, so
that nothing is lost or mixed up however a process ends.
"""
import os


def work():
    pass


def make(tag, calls):
    for _ in range(calls):
        work()
    fd = os.open(os.environ["MADE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT,
                 0o666)
    os.write(fd, b"%d %s %d\n" % (os.getpid(), tag.encode(), calls))
    os.close(fd)
