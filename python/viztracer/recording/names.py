# SPDX-License-Identifier: Apache-2.0
"""What the program calls its threads and processes. Its own code does not run
for that: only what modules and objects hold is read."""

from builtins import AttributeError, dict, len, list, object, str, type
from _thread import get_ident
import sys

from .words import encode

_modules = sys.modules
_ModuleType = type(sys)
_own = object.__getattribute__


def module_variable(module, name):
    """A variable of a module that is imported already, or None."""
    found = _modules.get(module)
    return found.__dict__.get(name) if type(found) is _ModuleType else None


def _own_name(thing):
    try:
        name = _own(thing, "_name")
    except AttributeError:
        return None
    return encode(name) if type(name) is str else None


def of_thread(is_main):
    """Of the calling thread; None when threading did not make it."""
    active = module_variable("threading", "_active")
    dummy = module_variable("threading", "_DummyThread")
    thread = active.get(get_ident()) if type(active) is dict else None
    if thread is not None and type(thread) is not dummy:
        return _own_name(thread)
    return b"MainThread" if is_main else None


def of_new_thread(frame):
    """Of the calling thread, whose first frame this is; None when it is not
    one of threading's."""
    if frame.f_code.co_name != "_bootstrap":
        return None
    thread = frame.f_locals.get("self")
    return _own_name(thread) if thread is not None else None


def of_process():
    """What multiprocessing calls this process, when it has made it."""
    process = module_variable("multiprocessing.process", "_current_process")
    name = _own_name(process) if process is not None else None
    return None if name == b"MainProcess" else name


def of_program(variables):
    """The program whose __main__ has these variables."""
    try:
        name = _own(variables.get("__spec__"), "name")
    except AttributeError:
        name = ""
    if type(name) is str and name:
        if name.endswith(".__main__"):
            name = name[:-len(".__main__")]
        if name != "__main__":
            return encode(name)
    arguments = sys.__dict__.get("argv")
    if type(arguments) is not list or not arguments or (
            type(arguments[0]) is not str):
        return b""
    if arguments[0] == "-c":
        return b"python -c"
    path = arguments[0]
    while len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    return encode(path.rpartition("/")[2])
