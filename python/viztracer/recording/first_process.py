# SPDX-License-Identifier: Apache-2.0
"""Let only one process of a recording record: the first that asks, which stays
it through an exec. That stands in a file of the recording directory: pid
namespace, pid and start time."""

from builtins import FileExistsError, OSError, len
from posix import (O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, close, getpid, open,
                   write)

from . import system


def claim(folder):
    """Whether the calling process is the one; False when that cannot be
    told."""
    path = folder + b"/first-process"
    identity = b"%d %d %d\n" % (system.pid_namespace(), getpid(),
                                system.process_start())
    try:
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
                  | system.O_CLOEXEC, 0o600)
    except FileExistsError:
        return system.read_file(path) == identity
    except OSError:
        return False
    try:
        return write(fd, identity) == len(identity)
    except OSError:
        return False
    finally:
        close(fd)
