# SPDX-License-Identifier: Apache-2.0
"""The recorders that there are: modules with one interface.

version, has_html        texts and numbers about this build
is_launched()            whether the viztracer command records this process
bootstrap()              record this process if its environment says so
name_process(name)       what the process is called in what is recorded now
mute(), unmute()         record nothing of this thread in between; they nest
ignore(code)             never record this code object, nor what it calls
save(path, has_file_info, ends_open_calls, is_flame_graph)
                         write a report; gives the number of events
Tracer()                 start(options), stop(), clear(options), enable,
                         add_instant(name, args, scope), add_counter(name,
                         args), add_object(ph, obj_id, name, args); options is
                         the text that recording_options.h describes

What the package does for itself is no part of the program: functions of its
own files are not shown, and those that call others are muted.
"""

import sys
from _thread import get_ident

try:
    if "t" in sys.abiflags:  # without the GIL; it could be loaded, and crash
        raise ImportError("no extension for free-threaded interpreters")
    from viztracer import _tracer
except (ImportError, SystemError):
    # None fits this interpreter. Before 3.12 only that of later versions may
    # be there, whose name fits, too.
    _tracer = None

_loaded = {} if _tracer is None else {"c": _tracer}
_ignored = []  # code objects, for a recorder that is loaded later
_mute_counts = {}  # ident of a thread: how often; for the same


def _in_python():
    """Imported when it is used: few programs do."""
    if "python" not in _loaded:
        from viztracer import python_recorder

        for code in _ignored:
            python_recorder.ignore(code)
        for _ in range(_mute_counts.get(get_ident(), 0)):
            python_recorder.mute()
        _loaded["python"] = python_recorder
    return _loaded["python"]


def main():
    """The one that the viztracer command uses, too."""
    is_python = _tracer is None or (  # see recording/recorder.py
        "_viztracer_recorder" in vars(sys.modules["_frozen_importlib"])
        and not _tracer.is_launched())
    return _in_python() if is_python else _tracer


_said = []


def say_substitute(name):
    """Once a process: the recorder in C was asked for, and there is none."""
    if name.lower() == "c" and _tracer is None and not _said and (
            not main().is_launched()):
        _said.append(name)
        sys.stderr.write("viztracer: there is no extension for CPython %d.%d; "
                         "recording in Python, which is slow\n"
                         % sys.version_info[:2])


def named(name):
    """The recorder of this name: "c" or "python". Where the viztracer command
    records or no extension fits, there is only that one."""
    if name.lower() not in ("c", "python"):
        raise ValueError("tracer can only be c or python, not %s" % name)
    if main().is_launched() or name.lower() not in _loaded:
        return main() if name.lower() == "c" else _in_python()
    return _loaded[name.lower()]


def name_of(module):
    """Which recorder this is, "c" or "python"."""
    return "c" if module is _tracer else "python"


def mute():
    """Record nothing of this thread until as many unmute()."""
    if "c" in _loaded:  # first: it would show what C functions are called here
        _loaded["c"].mute()
    if "python" in _loaded:
        _loaded["python"].mute()
    ident = get_ident()
    _mute_counts[ident] = _mute_counts.get(ident, 0) + 1


def unmute():
    ident = get_ident()
    _mute_counts[ident] -= 1
    if _mute_counts[ident] == 0:
        del _mute_counts[ident]
    if "python" in _loaded:
        _loaded["python"].unmute()
    if "c" in _loaded:
        _loaded["c"].unmute()


def ignore(code):
    """Record neither the function of this code object nor what it calls."""
    _ignored.append(code)
    for name in _loaded:
        _loaded[name].ignore(code)


def muted(function):
    """A decorator: nothing is recorded of the thread in the function."""
    def call(*arguments, **options):
        mute()
        try:
            return function(*arguments, **options)
        finally:
            unmute()

    call.__name__ = function.__name__
    call.__qualname__ = function.__qualname__
    call.__doc__ = function.__doc__
    call.__wrapped__ = function
    return call
