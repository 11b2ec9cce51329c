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

from viztracer import _tracer

_loaded = {"c": _tracer}
_ignored = []  # code objects, for a recorder that is loaded later


def main():
    """The one that the viztracer command uses, too."""
    return _tracer


def named(name):
    """The recorder of this name: "c" or "python"."""
    if name.lower() not in ("c", "python"):
        raise ValueError("tracer can only be c or python, not %s" % name)
    if name.lower() == "python":
        raise NotImplementedError(
            "the recorder in Python is not in this version")
    return _loaded[name.lower()]


def mute():
    """Record nothing of this thread until as many unmute()."""
    for name in _loaded:
        _loaded[name].mute()


def unmute():
    for name in _loaded:
        _loaded[name].unmute()


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
