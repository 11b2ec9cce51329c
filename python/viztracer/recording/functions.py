# SPDX-License-Identifier: Apache-2.0
"""From code objects and C functions to what is written for them.

Code objects are found by their address, and forgotten when they die: a weak
reference to each adds itself to `dead` then, and whoever looks a code object up
empties `dead` first. Types and modules, by which C functions are found, are
kept in the same way.
"""

from _weakref import ref
from builtins import (Exception, bool, dict, getattr, id,
                      isinstance, issubclass, len, property, set, staticmethod,
                      classmethod, str, type)
import sys

from . import words

ModuleType = type(sys)
_FunctionType = type(lambda: None)
_CellFunction = (property, staticmethod, classmethod)
_DESCRIPTORS = (type(list.append), type(dict.__dict__["fromkeys"]))
_mro_of = type.__dict__["__mro__"].__get__
_name_of_type = type.__dict__["__name__"].__get__
_qualname_of_type = type.__dict__["__qualname__"].__get__
_own_of_type = type.__dict__["__dict__"].__get__

_GENERATOR_FLAGS = 0x20 | 0x80 | 0x200  # co_flags, see the inspect module
_WRAPPER_DEPTH_MAX = 16

# What is done with a function: it is recorded; it is not, but what it calls is;
# neither is. Functions of the recorder itself are of the last kind.
SHOWN, SKIPPED, HIDDEN = 0, 1, 2

# C functions which mean something to the recorder. Their calls are looked at
# each time: before, and when they return.
SPECIAL = {
    "posix._exit": "exit", "posix.execv": "exec", "posix.execve": "exec",
    "posix.fork": "fork", "posix.forkpty": "fork",
    "posix.kill": "kill", "posix.killpg": "kill", "posix.abort": "kill",
    "_signal.raise_signal": "kill",
    "_thread.start_new_thread": "thread", "_thread.start_new": "thread",
    "_thread.start_joinable_thread": "thread",
    "sys.setprofile": "profile",
    # They may take long, and many a process is killed while it waits.
    "posix.read": "wait", "posix.wait": "wait", "posix.waitpid": "wait",
    "posix.wait3": "wait", "posix.wait4": "wait", "posix.waitid": "wait",
    "time.sleep": "wait", "select.select": "wait", "poll.poll": "wait",
    "epoll.poll": "wait", "socket.accept": "wait", "socket._accept": "wait",
    "socket.recv": "wait", "socket.recv_into": "wait", "lock.acquire": "wait",
    "SemLock.acquire": "wait", "signal.pause": "wait",
    "_signal.pause": "wait",
}
SPECIAL_NAMES = {name.rpartition(".")[2] for name in SPECIAL}


class Reference(ref):
    """Adds itself to the list of the dead; knows where it was kept."""

    __slots__ = ("table", "key")


class Function:
    """What is known of a code object: tag is 0 when its calls are not recorded,
    exit_tag when none is open that is."""

    __slots__ = ("tag", "instructions", "is_generator", "verdict",
                 "names_thread", "exit_tag", "is_own")


class Functions:
    """Those of one process; define(kind, line, name, file) gives an id."""

    def __init__(self, define, filters, own_folder, on_new):
        self.define = define
        self.filters = filters
        self.own_folder = own_folder  # with a slash at its end, or ""
        self.on_new = on_new
        self.ignored = set()  # addresses of code objects, kept alive
        self.kept = []
        self.dead = []
        self.codes = {}  # id of a code object: Function
        self.owners = {}  # id of a type: {name of a method: tag}
        self.modules = {}  # id of a module: {name: tag}
        self.classes = {}  # id of a class: {name of what is bound to it: tag}
        self.unbound = {}  # (module, name): tag
        self.special_tags = {}  # tag: what it does
        self.references = {}  # (id of the table, key): Reference

    def clear(self):
        """Ids begin anew: in a forked child, with a new recording."""
        for table in (self.codes, self.owners, self.modules, self.classes,
                      self.unbound, self.special_tags, self.references):
            table.clear()
        del self.dead[:]

    def judge_anew(self, filters):
        """With other filters; no call is open."""
        self.filters = filters
        self.codes.clear()

    def bury(self):
        """Forget what has died."""
        while self.dead:
            reference = self.dead.pop()
            place = id(reference.table), reference.key
            if self.references.get(place) is reference:
                del self.references[place]
                reference.table.pop(reference.key, None)

    def _keep(self, thing, table, value):
        reference = Reference(thing, self.dead.append)
        reference.table = table
        reference.key = id(thing)
        self.references[id(table), id(thing)] = reference
        table[id(thing)] = value
        return value

    def ignore(self, code):
        """From its next call on. A call that is open returns as usual."""
        self.kept.append(code)
        self.ignored.add(id(code))
        found = self.codes.get(id(code))
        if found is not None:
            found.verdict = HIDDEN
            found.tag = 0

    def find_code(self, frame):
        self.bury()
        code = frame.f_code
        found = self.codes.get(id(code))
        if found is None:
            found = self._keep(code, self.codes, self._describe(frame, code))
        return found

    def _describe(self, frame, code):
        found = Function()
        found.tag = found.exit_tag = 0
        found.is_own = self._is_own(code)
        found.instructions = code.co_code
        found.is_generator = code.co_flags & _GENERATOR_FLAGS != 0
        # The setter of Thread.name, by whatever name a version has it.
        found.names_thread = (
            code.co_filename.endswith("/threading.py")
            and code.co_name in ("name", "setName"))
        found.verdict = self._judge(code)
        if found.verdict == SHOWN:
            number = self.define(
                words.FUNCTION_PYTHON, code.co_firstlineno,
                words.encode(qualified_name(frame, code)),
                words.encode(code.co_filename))
            found.tag = found.exit_tag = number << words.ID_SHIFT
            self.on_new(code.co_filename)
        return found

    def _is_own(self, code):
        return bool(self.own_folder
                    and code.co_filename.startswith(self.own_folder))

    def _judge(self, code):
        if id(code) in self.ignored:
            return HIDDEN
        if self._is_own(code):
            rest = code.co_filename[len(self.own_folder):]
            return (HIDDEN if rest.startswith(("recording/", "python_recorder"))
                    else SKIPPED)
        return self.filters.judge(code)

    def find_c(self, function):
        """The tag of a C function: in its table unless it is special."""
        self.bury()
        return self._define_c(function, self._names_beside(function))

    def _names_beside(self, function):
        """The table of a C function: its module's, its type's, its class's."""
        bound_to = function.__self__
        kind = type(bound_to)
        if kind is ModuleType:
            table, owner = self.modules, bound_to
        elif bound_to is None:
            return self.unbound
        elif issubclass(kind, type):
            table, owner = self.classes, bound_to
        else:
            table, owner = self.owners, kind
        names = table.get(id(owner))
        return self._keep(owner, table, {}) if names is None else names

    def _define_c(self, function, names):
        key = function.__name__
        if names is self.unbound:
            key = function.__module__, key
        tag = names.get(key)
        if tag is None:
            name = c_function_name(function)
            number = self.define(words.FUNCTION_C, 0, words.encode(name), b"")
            tag = number << words.ID_SHIFT
            if name in SPECIAL:
                names[key, None] = tag  # not where the hook looks
                self.special_tags[tag] = SPECIAL[name]
            else:
                names[key] = tag
        return tag

    def find_special_c(self, function):
        """As find_c, for a function that may be special."""
        self.bury()
        names = self._names_beside(function)
        if function.__name__ in SPECIAL_NAMES:
            tag = names.get((function.__name__, None))
            if tag is not None:
                return tag
        return self._define_c(function, names)


def _type_with_code(first, name, code):
    """Before 3.11 code does not know its class: the one among the types of the
    first argument that has this code under this name, or None."""
    kind = first if isinstance(first, type) else type(first)
    for base in _mro_of(kind):
        own = _own_of_type(base)
        value = own.get(name)
        if value is None and name.startswith("__") and not name.endswith("__"):
            value = own.get("_%s%s" % (_name_of_type(base).lstrip("_"), name))
        if _leads_to(value, code, _WRAPPER_DEPTH_MAX):
            return base
    return None


def _leads_to(value, code, depth):
    if depth == 0 or value is None:
        return False
    if type(value) is _FunctionType:
        if value.__code__ is code:
            return True
    elif type(value) not in _CellFunction:
        return False  # its attributes could be code of the program
    for way in ("__func__", "fget", "fset", "fdel", "__wrapped__"):
        found = getattr(value, way, None)
        if found is not None and _leads_to(found, code, depth - 1):
            return True
    return False


def qualified_name(frame, code):
    name = getattr(code, "co_qualname", None)
    if name is not None:
        return name
    name = code.co_name
    if code.co_argcount > 0:
        try:
            first = frame.f_locals.get(code.co_varnames[0])
            base = _type_with_code(first, name, code)
        except Exception:  # locals of a class body may be anything
            base = None
        if base is not None:
            return "%s.%s" % (_qualname_of_type(base), name)
    return name


def _defining_type(function):
    """The type whose table of methods the function comes from."""
    bound_to = function.__self__
    kind = type(bound_to)
    name = function.__name__
    if issubclass(kind, type):  # a class method, or one of the metaclass
        for base in _mro_of(bound_to):
            if _gives(base, name, function, None, bound_to):
                return base
    for base in _mro_of(kind):
        if _gives(base, name, function, bound_to, kind):
            return base
    return bound_to if issubclass(kind, type) else kind  # __new__


def _gives(base, name, function, instance, owner):
    found = _own_of_type(base).get(name)
    return (type(found) in _DESCRIPTORS
            and found.__get__(instance, owner) == function)


def c_function_name(function):
    module = function.__module__
    if type(module) is str:
        return "%s.%s" % (module, function.__name__)
    if function.__self__ is None:
        return function.__name__
    return "%s.%s" % (_name_of_type(_defining_type(function)),
                      function.__name__)
