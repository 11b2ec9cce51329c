# SPDX-License-Identifier: Apache-2.0
"""Small programs, one a function: python scenarios.py NAME. Each does the same
in every run. Valid for Python 3.6 and later; imports nothing before it must."""
import sys


def generators():
    def numbers(n):
        received = []
        try:
            for i in range(n):
                received.append((yield i))
        except ValueError:
            yield "thrown"
        finally:
            len(received)

    def outer(n):
        yield from numbers(n)
        yield from numbers(1)

    sum(numbers(100))
    list(outer(10))
    sent = numbers(5)
    next(sent)
    sent.send(1)
    thrown = numbers(5)
    next(thrown)
    thrown.throw(ValueError())
    thrown.close()
    closed = numbers(5)
    next(closed)
    closed.close()
    unstarted = numbers(5)
    unstarted.close()
    unstarted = numbers(5)
    try:
        unstarted.throw(KeyError())
    except KeyError:
        pass
    if sys.version_info >= (3, 11):
        # Before, a Python callback's copy of the locals keeps the generator
        # alive until the counter itself drops it, uncounted.
        dropped = numbers(5)
        next(dropped)
        del dropped


def coroutines():
    class Pause:
        def __await__(self):
            return (yield "pause")

    async def leaf(n):
        await Pause()
        if n == 3:
            raise LookupError(n)
        return n

    async def values(n):
        for i in range(n):
            await leaf(i)
            yield i

    class Context:
        async def __aenter__(self):
            await Pause()

        async def __aexit__(self, *exception):
            await Pause()
            return True

    async def main():
        async with Context():
            async for value in values(10):
                abs(value)

    def drive(coroutine):
        try:
            while True:
                coroutine.send(None)
        except StopIteration:
            pass

    drive(main())
    cancelled = main()
    cancelled.send(None)
    cancelled.close()


def exceptions():
    def fail(n):
        if n == 0:
            int("x")
        fail(n - 1)

    def clean(n):
        try:
            fail(n)
        finally:
            len("")

    for i in range(5):
        try:
            clean(i)
        except ValueError:
            pass
    # through C and back into Python
    try:
        sorted([3, 1, 2], key=fail)
    except ValueError:
        pass
    try:
        [].pop()
    except IndexError:
        pass
    try:
        list.append()
    except TypeError:
        pass
    try:
        len()
    except TypeError:
        pass


def recursion():
    def down(n):
        return 0 if n == 0 else 1 + down(n - 1)

    depth = 20000 if sys.version_info >= (3, 11) else 900
    sys.setrecursionlimit(max(depth + 1000, sys.getrecursionlimit()))
    down(depth)


def functions():
    class Base:
        kind = "base"

        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return self.value == other.value

        def __hash__(self):
            return hash(self.value)

        @property
        def double(self):
            return self.value * 2

        @staticmethod
        def static(value):
            return value

        @classmethod
        def make(cls, value):
            return cls(value)

    class Derived(Base):
        def __init__(self, value):
            super().__init__(value)

        def __call__(self, *values, **keywords):
            return len(values) + len(keywords)

    class Meta(type):
        def __new__(mcs, name, bases, own):
            return super().__new__(mcs, name, bases, own)

        def __call__(cls, *arguments):
            return super().__call__(*arguments)

    Made = Meta("Made", (Base,), {})
    Made(1)
    item = Derived.make(4)
    item.double
    Base.static(1)
    item(1, 2, a=3)
    item(*[1, 2], **{"a": 3})
    item == Derived(4)
    {item: 1}[Derived(4)]
    (lambda value: value)(1)
    [abs(i) for i in range(3)]
    {abs(i) for i in range(3)}
    {abs(i): i for i in range(3)}
    list(abs(i) for i in range(3))
    sorted([3, 1, 2], key=lambda value: -value)
    print("", end="", file=sys.stdout)
    int("12", base=16)
    "a,b".split(sep=",")
    append = [].append
    append(1)
    list.append([], 1)
    dict.fromkeys([1])
    str.maketrans("a", "b")
    list(map(abs, [1, 2]))
    list(map(item, [1, 2]))
    max([1, 2], key=lambda value: value)
    isinstance(1, int)
    object.__new__(object)
    tuple.__new__(tuple, (1, 2))
    "{} {!r:>10}".format(1, "x")


def threads():
    import _thread

    done = [_thread.allocate_lock() for _ in range(4)]

    def work(n, lock):
        for i in range(n):
            abs(i)
        lock.release()

    for i, lock in enumerate(done):
        lock.acquire()
        _thread.start_new_thread(work, (100 * i, lock))
    for lock in done:
        lock.acquire()


def at_exit():
    import atexit

    class Dying:
        def __del__(self):
            abs(-1)

    def last():
        return len("x")

    atexit.register(last)
    at_exit.kept = Dying()
    sys.modules["__main__"].kept = Dying()
    Dying()


def churn():
    for i in range(20000):
        scope = {}
        exec("def function_%d():\n    return abs(%d)\n" % (i, i), scope)
        scope["function_%d" % i]()


def c_functions():
    import collections
    import itertools
    import math
    import re

    class Mine(list):
        pass

    Mine().append(1)
    collections.deque([1]).append(2)
    collections.OrderedDict().update(a=1)
    math.sqrt(2)
    re.compile("a+b").match("aab").group(0)
    list(itertools.islice(itertools.count(), 3))
    collections.Counter("abca")
    bytes.fromhex("00ff")
    float.fromhex("0x1p3")
    (5).bit_length()
    (1.5).as_integer_ratio()
    "x".join(["a", "b"])
    b"abc".decode()
    getattr(sys, "argv")
    iter([1]).__next__()


def main():
    globals()[sys.argv[1]]()


main()
