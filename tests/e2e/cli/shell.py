# SPDX-License-Identifier: Apache-2.0
"""A shell of one job: run the command in its own process group in the
foreground, and print what waitpid says. A stopped job is continued by the
line "fg"."""
import os
import signal
import sys

job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
while True:
    status = os.waitpid(job, os.WUNTRACED)[1]
    os.tcsetpgrp(0, os.getpgrp())
    if not os.WIFSTOPPED(status):
        break
    print("stopped", os.WSTOPSIG(status), flush=True)
    assert sys.stdin.readline() == "fg\n"
    os.tcsetpgrp(0, job)
    print("in foreground", flush=True)
    os.killpg(job, signal.SIGCONT)
if os.WIFSIGNALED(status):
    print("signalled", os.WTERMSIG(status), flush=True)
else:
    print("exited", os.WEXITSTATUS(status), flush=True)
