# SPDX-License-Identifier: Apache-2.0
"""The viewer, opened by the program itself."""

import os
import shlex
import sys

from viztracer import program


def is_there():
    """Whether there is a terminal, as the viewer finds one."""
    for descriptor in (1, 0, 2):
        if os.isatty(descriptor):
            return True
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def view(path):
    """Show the trace at path until the viewer is closed. As system(3) does,
    SIGINT and SIGQUIT are left to the viewer so long. What is wrong is said by
    the viewer, on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os.system("exec %s view --tui %s" % (shlex.quote(program.find_binary()),
                                         shlex.quote(path)))
