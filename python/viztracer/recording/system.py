# SPDX-License-Identifier: Apache-2.0
"""What the system says about this process."""

from builtins import (ImportError, OSError, ValueError, bytes, int, len,
                      range)
from posix import (O_RDONLY, close, fstat, getcwdb, getpid, getppid, open,
                   read, readlink, stat)
import sys
import time

try:
    from posix import O_CLOEXEC, O_NONBLOCK
except ImportError:
    O_CLOEXEC = O_NONBLOCK = 0

try:
    from time import monotonic_ns as clock, time_ns
except ImportError:  # before 3.7
    def clock(now=time.monotonic, int=int):
        return int(now() * 1e9)

    def time_ns(now=time.time, int=int):
        return int(now() * 1e9)

_CLOCK_TRIES = 5


def clocks():
    """(monotonic, since 1970): one instant, as near as a few tries get."""
    best = None
    for _ in range(_CLOCK_TRIES):
        before = clock()
        wall_ns = time_ns()
        width = clock() - before
        if best is None or width < best[0]:
            best = width, before + width // 2, wall_ns
    return best[1:]


VERSION = b"CPython %d.%d.%d" % sys.version_info[:3]
_SIZE_MAX = 16 << 20
_REGULAR = 0o100000


def read_file(path, size_max=_SIZE_MAX):
    """The bytes of a file, or None: when it cannot be read, is no regular file
    or is larger."""
    try:
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    except (OSError, ValueError):  # a name may have a NUL
        return None
    try:
        status = fstat(fd)
        if status.st_mode & 0o170000 != _REGULAR or status.st_size > size_max:
            return None
        pieces = []
        while True:
            piece = read(fd, 65536)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    except OSError:
        return None
    finally:
        close(fd)


def boot_id():
    """16 bytes; zero = not known."""
    text = read_file(b"/proc/sys/kernel/random/boot_id") or b""
    try:
        number = bytes.fromhex(text.decode("ascii").replace("-", "").strip())
    except ValueError:
        number = b""
    return number if len(number) == 16 else b"\0" * 16


def pid_namespace():
    try:
        return stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def process_start():
    """In clock ticks since boot."""
    text = read_file(b"/proc/self/stat") or b""
    fields = text.rpartition(b")")[2].split()
    return int(fields[19]) if len(fields) > 19 else 0


def kernel_thread_id():
    try:
        return int(readlink(b"/proc/thread-self").rpartition(b"/")[2])
    except (OSError, ValueError):
        return getpid()


def kernel_thread_name(thread_id):
    text = read_file(b"/proc/self/task/%d/comm" % thread_id) or b""
    return text.rstrip(b"\n")


def command_line():
    """Each argument with a NUL behind it."""
    return (read_file(b"/proc/self/cmdline") or b"")[:65536]


def executable():
    try:
        return readlink(b"/proc/self/exe")
    except OSError:
        return b""


def folder():
    try:
        return getcwdb()
    except OSError:
        return b""


def parent_pid():
    return getppid()
