# SPDX-License-Identifier: Apache-2.0
"""Count the calls of a program with a plain sys.setprofile callback.

This folder stands on PYTHONPATH of the counted process (see ../oracle.py), and
nothing of viztracer is involved. The counter starts where recording starts: at
the first `<module>` frame of `__main__`, on that very call. It reports when
the main thread lets go of the callback itself: after atexit handlers, after all
modules, when no call can be seen any more.

The program must not notice: this module removes its folder from sys.path and
itself from sys.modules, and imports only what the interpreter has loaded by
itself, since an import of ours is one that the program does not make.
"""


# The parameters: the builtins are gone before the last calls are counted.
def start(id=id, getattr=getattr, hash=hash, issubclass=issubclass, type=type):
    import _thread
    import marshal
    import posix
    import sys

    output = posix.environ[b"CALL_ORACLE_OUTPUT"]
    folder = posix.environ[b"CALL_ORACLE_FOLDER"].decode()
    # Bound to local names, since module globals go even earlier.
    setprofile = sys.setprofile
    address_hash = object.__hash__
    hashes_address = sys.version_info >= (3, 8)
    own_file = start.__code__.co_filename
    threads = []
    descriptor_types = (type(list.append), type(dict.__dict__["fromkeys"]))

    def defining_type(function):
        """The type whose method table `function` comes from."""
        bound_to = function.__self__
        kind = type(bound_to)
        name = function.__name__
        if issubclass(kind, type):  # a class method, or one of the metaclass
            for base in type.__dict__["__mro__"].__get__(bound_to):
                found = base.__dict__.get(name)
                if (type(found) in descriptor_types
                        and found.__get__(None, bound_to) == function):
                    return base
        for base in type.__dict__["__mro__"].__get__(kind):
            found = base.__dict__.get(name)
            if (type(found) in descriptor_types
                    and found.__get__(bound_to, kind) == function):
                return base
        return bound_to if issubclass(kind, type) else kind  # __new__

    def key_of(function):
        # The last item tells apart what is called the same: the hash of a
        # builtin is made of its object's address and its C function's, but
        # before 3.8 of its object's own hash, if it has one.
        return (function.__qualname__, function.__module__,
                hash(function) ^ address_hash(function.__self__)
                if hashes_address else 0)

    def name_of(function):
        if function.__module__ is not None:
            return "%s.%s" % (function.__module__, function.__name__)
        if function.__self__ is None:
            return function.__name__
        return "%s.%s" % (defining_type(function).__name__, function.__name__)

    def new_counter(name, reporter=None):
        python_calls = {}  # id of a code object -> calls
        codes = []  # keeps those ids from being given again
        c_calls = {}  # how a C function calls itself, and which -> calls
        c_names = {}
        threads.append((name, python_calls, codes, c_calls, c_names))

        def count(frame, event, arg, reporter=reporter):
            if event == "call":
                code = frame.f_code
                key = id(code)
                if key in python_calls:
                    python_calls[key] += 1
                else:
                    python_calls[key] = 1
                    codes.append(code)
            elif event == "c_call":
                key = key_of(arg)
                if key in c_calls:
                    c_calls[key] += 1
                else:
                    c_calls[key] = 1
                    c_names[key] = name_of(arg)

        return count

    def wait_for_main(frame, event, arg):
        if (event == "call" and frame.f_code.co_name == "<module>"
                and frame.f_globals.get("__name__") == "__main__"):
            count = new_counter("MainThread", Reporter())
            setprofile(count)
            count(frame, event, arg)

    def thread_name(function):
        """threading.Thread starts its bound method `_bootstrap`; a thread
        made by _thread alone has no name. Neither may be kept: what it
        refers to would live longer than in an uncounted run."""
        if getattr(function, "__name__", "") != "_bootstrap":
            return ""
        return function.__self__.name

    # threading.setprofile would import threading, and would miss the calls
    # that a thread makes before it looks at the hook. So threads are hooked
    # where they are made; no call but the real one is made while counting.
    def hooked(start_thread):
        def start_new_thread(function, args=(), *more, **options):
            def run(*values, **keywords):
                setprofile(new_counter(thread_name(function)))
                return function(*values, **keywords)

            return start_thread(run, args, *more, **options)

        return start_new_thread

    def hooked_joinable(start_thread):
        def start_joinable_thread(function, *more, **options):
            def run():
                setprofile(new_counter(thread_name(function)))
                return function()

            return start_thread(run, *more, **options)

        return start_joinable_thread

    _thread.start_new_thread = hooked(_thread.start_new_thread)
    if hasattr(_thread, "start_joinable_thread"):
        _thread.start_joinable_thread = hooked_joinable(
            _thread.start_joinable_thread)
    threading = sys.modules.get("threading")  # a .pth file imports it early
    if threading is not None:
        for name in ("start_new_thread", "start_joinable_thread"):
            if hasattr(threading, "_" + name):
                setattr(threading, "_" + name, getattr(_thread, name))

    def report():
        result = []
        for name, python_calls, codes, c_calls, c_names in threads:
            python = []
            for code in codes:
                if code.co_filename == own_file:
                    continue
                python.append((getattr(code, "co_qualname", code.co_name),
                               code.co_filename, code.co_firstlineno,
                               python_calls[id(code)]))
            c = [(c_names[key], calls) for key, calls in c_calls.items()]
            result.append((name, python, c))
        return result

    class Reporter:
        """Dies with the callback of the main thread, and reports then."""

        getpid = posix.getpid
        open = posix.open
        write = posix.write
        close = posix.close
        dumps = marshal.dumps
        flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC

        def __del__(self):
            path = output + (b".%d" % self.getpid())
            data = self.dumps(report())
            fd = self.open(path, self.flags, 0o600)
            try:
                while data:
                    data = data[self.write(fd, data):]
            finally:
                self.close(fd)

    sys.modules.pop("sitecustomize", None)
    sys.path_importer_cache.pop(folder, None)
    if folder in sys.path:
        sys.path.remove(folder)
    setprofile(wait_for_main)


start()
del start
# The one that this file shadows, if any; where there is none this raises the
# very ImportError that `site` ignores, and this file never existed.
import sitecustomize  # noqa: E402,F401
