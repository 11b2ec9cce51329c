# SPDX-License-Identifier: Apache-2.0
"""Programs that a recorder could stumble over: python hostile.py NAME COUNT.
Each prints what it did; the same whether it is recorded or not, but for a last
line, "memory N M": the most memory that the recorder had meanwhile, and by what
the process grew. Valid for Python 3.6 and later."""
import gc
import os
import struct
import sys
import threading
import types

STATUS_MEMORY = 512 + 16 + 5 * 8  # of a section's header, see vzt_reader.py

NAMES = ["\x1b[2J\x1b]0;owned\x07", "\x9b31m", "line\r\nfeed\ttab", "a\0b",
         "\ud800lone", "\udc80\udcff", "\u202eleft", "</script><b>", "%s%n%d",
         "\U0001f600\u0301" * 10, "\ufffe\uffff", '"\\', " ", "x" * 1000000]


def memory_now():
    """What the recorder says it has, or 0."""
    folder = os.environ.get("VIZTRACER_RECORD_DIR")
    if not folder:
        return 0
    with open(os.path.join(folder, os.listdir(folder)[0]), "rb") as file:
        file.seek(STATUS_MEMORY)
        return struct.unpack("<Q", file.read(8))[0]


def anonymous_memory():
    """Of this process, in bytes."""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def rename(code, name, filename):
    """The code object under another name and file."""
    if hasattr(code, "replace"):
        changes = {"co_name": name, "co_filename": filename}
        if hasattr(code, "co_qualname"):
            changes["co_qualname"] = name
        return code.replace(**changes)
    return types.CodeType(
        code.co_argcount, code.co_kwonlyargcount, code.co_nlocals,
        code.co_stacksize, code.co_flags, code.co_code, code.co_consts,
        code.co_names, code.co_varnames, filename, name, code.co_firstlineno,
        code.co_lnotab, code.co_freevars, code.co_cellvars)


def names(count):
    def plain():
        return abs(-1)

    folder = os.environ["HOSTILE_FOLDER"]
    fifo = os.path.join(folder, "fifo.py")
    os.mkfifo(fifo)
    files = NAMES + ["", "/dev/zero", "/dev/tty", "/proc/self/mem", folder,
                     fifo, "/proc/kmsg"]
    for name in NAMES:
        types.FunctionType(rename(plain.__code__, name, "names.py"),
                           {"abs": abs})()
    for number, name in enumerate(files):
        code = rename(plain.__code__, "file_%d" % number, name)
        types.FunctionType(code, {"abs": abs})()
    for name in NAMES:
        try:
            kind = type(name, (), {"method": lambda self: len("x")})
            kind().method()
        except (ValueError, UnicodeEncodeError):
            pass  # no NUL, no lone surrogate in the name of a class
    print(len(files))


def changing(count):
    """A function is called what it was called first."""
    def function():
        return 1

    class Kind:
        def method(self):
            return 2

    for i in range(count):
        function.__name__ = function.__qualname__ = "changed_%d" % i
        Kind.__name__ = Kind.__qualname__ = "Changed%d" % i
        function()
        Kind().method()
    print(count)


def codes(count):
    """Many more code objects than addresses, beside others that stay."""
    most = grown = 0
    kept = [compile("1", "kept", "eval") for _ in range(2700)]
    for code in kept:
        eval(code)
    for i in range(count):
        if i == count // 4:
            grown = -anonymous_memory()
        scope = {}
        exec("def function_%d():\n    return %d\n" % (i, i), scope)
        scope["function_%d" % i]()
        if i % 500 == 0:
            most = max(most, memory_now())
    grown += anonymous_memory()
    print(count)
    return most, grown


def functions(count):
    """Many functions at once."""
    kept = []
    for i in range(count):
        scope = {}
        exec("def function_%d():\n    return %d\n" % (i, i), scope)
        kept.append(scope["function_%d" % i])
        kept[-1]()
    print(sum(function() for function in kept))
    return memory_now(), 0


def short_threads(count):
    def work(n):
        return abs(-n)

    most = 0
    for i in range(count):
        thread = threading.Thread(target=work, args=(i,))
        thread.start()
        thread.join()
        if i % 50 == 0:
            most = max(most, memory_now())
    print(count)
    return most, 0


def signals(count):
    import signal

    seen = []

    def handler(number, frame):
        seen.append(len(seen))

    def work(n):
        if n % 7 == 0:
            os.kill(os.getpid(), signal.SIGUSR1)
        return abs(n) if n < 2 else work(n - 1)

    signal.signal(signal.SIGUSR1, handler)
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    for i in range(count):
        work(30)
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(len(seen) >= 4 * count)


def collected_elsewhere(count):
    """Generators that another thread than theirs drops, half way."""
    def numbers(box):
        try:
            yield 1
            yield 2
        finally:
            len(box)

    def drop(generators):
        del generators[:]
        gc.collect()

    for i in range(count):
        box = [numbers([]) for _ in range(5)]
        for generator in box:
            next(generator)
        del generator
        box.append(box)
        thread = threading.Thread(target=drop, args=(box,))
        thread.start()
        thread.join()
    print(count)


def recursion_limits(count):
    def down(n):
        return down(n + 1)

    for limit in (200, 400, 300, 1000):
        sys.setrecursionlimit(limit)
        for i in range(count):
            try:
                down(0)
            except RecursionError:
                pass
    print(count)


def closing(count):
    """Closes descriptors that are not its own while it writes its files."""
    import random

    source = random.Random(1)
    folder = os.environ["HOSTILE_FOLDER"]

    def work(n):
        return abs(n) if n == 0 else work(n - 1)

    def write(number):
        data = b"%d\n" % number * 1000
        path = os.path.join(folder, "own_%d" % number)
        os.closerange(3, 1024)
        fds = [os.open(path + "_%d" % i, os.O_WRONLY | os.O_CREAT, 0o600)
               for i in range(4)]
        for _ in range(20):
            for fd in fds:
                os.write(fd, data)
            work(source.randrange(200))
        return path, data * 20

    for number in range(count):
        path, expected = write(number)
        os.closerange(3, 1024)
        for i in range(4):
            with open(path + "_%d" % i, "rb") as file:
                if file.read() != expected:
                    print("not what was written: %s" % path)
    print(count)


def ending_threads(count):
    """Threads of both kinds that run, wait and end while the interpreter
    ends."""
    import atexit

    def spin(n):
        while n:
            n = abs(n) - 1

    def endless():
        while True:
            abs(-1)

    for i in range(count):
        threading.Thread(target=spin, args=(1000 * i,)).start()
        threading.Thread(target=endless, daemon=True).start()
    atexit.register(spin, 5000)
    print(count)


class Raises:
    def __repr__(self):
        raise KeyError("no")


class Recurses:
    def __repr__(self):
        return repr(self)


class Lies:
    def __repr__(self):
        return 5


class Exits:
    def __repr__(self):
        sys.exit(3)


class Huge:
    def __repr__(self):
        return "\x1b" * 5000000


def instants(count):
    """Arguments of instants that fight back."""
    from viztracer import get_tracer

    tracer = get_tracer()
    values = [Raises(), Recurses(), Lies(), Huge(), {Raises: Recurses()},
              [Lies()] * 3, "\ud800\0\x1b[2J", {"\x1b[2J": "\x9b"}, 10 ** 5000,
              float("inf"), {1: {2: {3: [Raises()]}}}, b"\xff\0", set("a"), ...]
    for i in range(count):
        for value in values:
            for scope in "gpt":
                try:
                    tracer.add_instant("\x1b]0;instant\x07", value, scope)
                except Exception as error:
                    print(type(error).__name__)
    print(count)


def main():
    memory = globals()[sys.argv[1]](int(sys.argv[2]))
    if memory:
        print("memory %d %d" % memory)


main()
