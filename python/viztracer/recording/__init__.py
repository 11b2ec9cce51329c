# SPDX-License-Identifier: Apache-2.0
"""The recorder that is written in Python: sys.setprofile to .vzt files.

viztracer.python_recorder is its interface for the package. In a program that
the viztracer command runs, bootstrap/sitecustomize.py loads these modules under
another name, and nothing of them stays in sys.modules. Therefore they import
each other by relative names, and otherwise only modules that the interpreter
has loaded already or has built in.

Calls are recorded until the very end of the interpreter, when the builtins are
gone; so each module imports by name all that its functions use.

What it does not see: threads that ran before recording began and, before 3.12,
those that _thread.start_new_thread made without threading (of a Thread all from
its run() on is seen); from 3.13 on, other interpreters of the process; what a
signal handler calls while the recorder itself runs. The program may take the
profile slot of a thread for itself; the thread is recorded again when the
program puts our function back. An exception raised while the recorder runs (by
a signal handler, at the recursion limit) takes the slot, too. A function that
subprocess runs between fork and exec (preexec_fn) is recorded, but what was not
written yet goes with the exec.
"""
