# SPDX-License-Identifier: Apache-2.0
"""How long the live viewer takes from its start to a frame with tracks, in a
terminal of 120 columns and 40 rows that answers nothing. By hand:

    python3 bench/first_frame.py build/release/bin/viztracer FILE ...
"""
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time

TRACK = "▾".encode()  # what stands before a track's name, and nowhere else
DEADLINE_S = 30


def start(viztracer, path, state):
    """(pid, the terminal's other end)"""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(viztracer, [viztracer, "view", path], {
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": state,
            "VIZTRACER_DIR": state})
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return pid, master


def wait_for(master, text, end_s):
    """Read until text has come."""
    seen = b""
    while text not in seen:
        left = end_s - time.monotonic()
        if left <= 0 or not select.select([master], [], [], left)[0]:
            raise TimeoutError("no %r after %r" % (text, seen[-200:]))
        seen += os.read(master, 65536)


def once_ms(viztracer, path):
    with tempfile.TemporaryDirectory() as state:
        begin = time.monotonic()
        pid, master = start(viztracer, path, state)
        try:
            wait_for(master, TRACK, begin + DEADLINE_S)
            return (time.monotonic() - begin) * 1000
        finally:
            os.close(master)  # hangs up
            os.waitpid(pid, 0)


def measure(viztracer, path, count=7):
    """The median, and the most; the file is in memory after the first."""
    once_ms(viztracer, path)
    times = [once_ms(viztracer, path) for _ in range(count)]
    return {"median_ms": statistics.median(times), "most_ms": max(times)}


if __name__ == "__main__":
    for name in sys.argv[2:]:
        print(name, measure(os.path.abspath(sys.argv[1]), name))
