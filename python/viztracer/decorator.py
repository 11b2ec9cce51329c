# SPDX-License-Identifier: Apache-2.0
"""Functions that are not to be recorded."""

from viztracer import recorder

_Function = type(lambda: None)


@recorder.muted
def ignore_function(method=None, tracer=None):
    """A decorator: neither the function nor what it calls is recorded, also
    when it raises. It is for functions written in Python, and gives back the
    same function. @ignore_function(tracer=t) is the same: all tracers share one
    recording. Raises TypeError for anything that is no Python function."""
    if method is None:
        return ignore_function
    function = method
    if isinstance(function, (staticmethod, classmethod)):
        function = function.__func__
    while not isinstance(function, _Function):
        if not hasattr(function, "__wrapped__"):
            raise TypeError("ignore_function takes a function that is written "
                            "in Python, not %s" % type(function).__name__)
        function = function.__wrapped__
    recorder.ignore(function.__code__)
    return method
