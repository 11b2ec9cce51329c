# SPDX-License-Identifier: Apache-2.0
"""Programs made of a seed: functions, methods, generators and coroutines that
call each other, fail and are dropped half way.

    python3 random_program.py SEED [inline]     # print one

A program does the same in every run and ends: each call takes one from a
budget that it is given. It is valid for Python 3.6 and later. What
programs/run_random.py puts into its globals it uses without an import.

No function of the program returns or yields None: to a profile function that
would look like an exception on its way. What has a __del__ is never held by a
local variable: before 3.13 a profile function in Python keeps copies of them.
"""
import random
import sys

FUNCTIONS, GENERATORS, COROUTINES, ASYNC_GENERATORS, CLASSES = 6, 4, 3, 2, 3

HEAD = '''\
class E0(Exception): pass
class E1(E0): pass
class E2(Exception): pass

box = []

def tick(b):
    b[0] -= 1
    return b[0]

class Dying:
    def __init__(self, n, b):
        self.n, self.b = n, b
    def __del__(self):
        if self.n > 0:
            {dying}(self.n - 1, self.b)

class Pause:
    def __init__(self, n):
        self.n = n
    def __await__(self):
        got = yield self.n
        return got or 1

class Manager:
    def __init__(self, swallows):
        self.swallows = swallows
    def __enter__(self):
        return len("enter")
    def __exit__(self, *what):
        return self.swallows
    async def __aenter__(self):
        return await Pause(1)
    async def __aexit__(self, *what):
        await Pause(2)
        return self.swallows

def drive(coroutine, n, b):
    value = 1
    try:
        for i in range(20):
            value = coroutine.send(None)
            if tick(b) % 11 == 3:
                value = coroutine.throw(E1(i))
    except StopIteration as stop:
        value = 2
    except (E0, E2):
        value = 3
    except RuntimeError:
        value = 4
    finally:
        coroutine.close()
    return value

def decorate(function):
    @functools.wraps(function)
    def wrapper(n, b):
        return function(n, b) or 1
    return wrapper

def decorate_with(extra):
    def inner(function):
        def wrapped(n, b):
            return function(n - extra, b)
        return wrapped
    return inner

def down(n, k, b):
    if n <= 0:
        if k == 0:
            raise E0(n)
        return k + 1
    try:
        return down(n - 1, k, b)
    finally:
        if n % 50 == 0:
            len("unwound")
'''


class Program:
    def __init__(self, seed, is_inline):
        self.random = random.Random(seed)
        self.seed = seed
        self.is_inline = is_inline
        self.names = 0  # makes names that are there once
        self.threads = []
        self.lines = []

    def pick(self, *what):
        return self.random.choice(what)

    def number(self, below):
        return self.random.randrange(below)

    def name(self, prefix):
        self.names += 1
        return "%s%d" % (prefix, self.names)

    def function(self):
        return self.pick("f%d" % self.number(FUNCTIONS),
                         "f%d" % self.number(FUNCTIONS),
                         "C%d().m%d" % (self.number(CLASSES), self.number(3)),
                         "C%d.c0" % self.number(CLASSES),
                         "C%d.s0" % self.number(CLASSES),
                         "C%d(2)" % self.number(CLASSES))

    def generator(self):
        return self.pick("g%d(n - 1, b)" % self.number(GENERATORS),
                         "g%d(n - 1, b)" % self.number(GENERATORS),
                         "C%d().g(n - 1, b)" % self.number(CLASSES))

    def coroutine(self):
        return "k%d(n - 1, b)" % self.number(COROUTINES)

    def async_generator(self):
        return "a%d(n - 1, b)" % self.number(ASYNC_GENERATORS)

    def error(self):
        return self.pick("E0", "E1", "E2")

    def condition(self):
        modulus = self.pick(2, 3, 5, 7)
        return "tick(b) %% %d == %d" % (modulus, self.number(modulus))

    def add(self, indent, text):
        for line in text.splitlines():
            self.lines.append("    " * indent + line)

    # Statements. Each may use n (how deep calls may still go) and b, the
    # budget, and leaves a number in x.

    def call(self, indent):
        self.add(indent, "x = %s(n - 1, b)" % self.function())

    def c_call(self, indent):
        self.add(indent, self.pick(
            "x = len(str(n))", "x = abs(-n) + 1", "[].append(n)",
            "x = max(n, 3)", "'a,b'.split(',')", "x = int('12')",
            "{}.get(n, 1)", "list.append([], n)", "x = sum([1, n])",
            "str.join('', ['a'])", "isinstance(n, int)",
            "x = len('{:d}'.format(n))", "dict.fromkeys([n])",
            "getattr(b, 'append')", "hasattr(b, 'nothing')",
            "object.__new__(object)", "print('', end='')",
            "x = pow(2, 3)", "list(range(3))", "set([n]).add(n)",
            "int.from_bytes(b'ab', 'big')", "'x'.encode()"))

    def c_error(self, indent):
        self.add(indent, "try:\n    %s\nexcept (ValueError, IndexError, "
                 "TypeError, KeyError, AttributeError):\n    x = 2"
                 % self.pick("int('x')", "[].pop()", "len()", "{}.pop(n)",
                             "list.append()", "n.missing", "abs('x')",
                             "getattr(n, 'missing')", "int.nothing(3)"))

    def callback(self, indent):
        function = self.function()
        self.add(indent, self.pick(
            "sorted([3, 1, 2], key=lambda v: %s(n - 1, b))",
            "x = max([1, 2], key=lambda v: %s(n - 2, b))",
            "list(map(%s, [n - 1, n - 2], [b, b]))",
            "x = functools.partial(%s, n - 1)(b)",
            "sorted([2, 1], key=functools.partial(lambda f, v: f(n - 2, b), "
            "%s))",
            "x = functools.reduce(lambda p, q: %s(n - 2, b), [1, 2, 3])",
            "list(filter(lambda v: %s(n - 2, b), [1, 2]))",
            "x = eval('%s(n - 1, b)', globals(), {'n': n, 'b': b})",
            "x = (lambda *v, **w: %s(*v, **w))(n - 1, b=b)",
            "re.sub('a', lambda found: str(%s(n - 2, b)), 'banana')",
            "any(%s(n - 2, b) < 0 for i in range(2))",
        ) % function)

    def comprehension(self, indent):
        function = self.function()
        self.add(indent, self.pick(
            "x = len([%s(n - 2, b) for i in range(2)])",
            "x = len({i: %s(n - 2, b) for i in range(2)})",
            "x = len({%s(n - 2, b) for i in range(2)})",
            "x = sum(%s(n - 2, b) for i in range(2))",
            "x = len([[%s(n - 3, b) for i in range(2)] for j in range(2)])",
            "x, *rest = [%s(n - 2, b) for i in range(2) if i or tick(b)]",
        ) % function)

    def raising(self, indent):
        self.add(indent, "if %s:\n    raise %s(n)"
                 % (self.condition(), self.error()))

    def deep_raising(self, indent):
        self.add(indent, "try:\n    x = down(%d, %d, b)\nexcept E0:\n    x = 5"
                 % (self.pick(3, 20, 150), self.number(2)))

    def trying(self, indent):
        self.add(indent, "try:")
        self.block(indent + 1)
        for error in self.random.sample(["E0", "E1", "E2"],
                                        1 + self.number(2)):
            self.add(indent, "except %s:" % error)
            if self.number(4) == 0:
                self.add(indent + 1, self.pick("raise", "raise E2(n)",
                                               "raise E1(n) from None"))
            else:
                self.block(indent + 1)
        if self.number(3) == 0:
            self.add(indent, "finally:")
            self.block(indent + 1)
            if self.number(6) == 0:
                self.add(indent + 1, "return 6" if not self.in_generator
                         else "len('finally')")

    def managing(self, indent):
        self.add(indent, "with Manager(%s):"
                 % self.pick("True", "False", self.condition()))
        self.block(indent + 1)

    def branch(self, indent):
        self.add(indent, "if %s:" % self.condition())
        self.block(indent + 1)

    def loop(self, indent):
        self.add(indent, "for i in range(%d):" % self.pick(1, 2, 3))
        self.block(indent + 1)

    def generating(self, indent):
        self.add(indent, "for v in %s:" % self.generator())
        self.block(indent + 1)
        if self.number(2):
            self.add(indent + 1, "break")

    def generating_in_c(self, indent):
        self.add(indent, self.pick(
            "x = len(list(%s))", "x = len(tuple(%s)) + 1", "x = sum(%s)",
            "any(v < 0 for v in %s)", "list(zip(%s, [1, 2]))",
            "x = max(%s, key=abs, default=4)", "sorted(%s)",
            "list(itertools.chain.from_iterable([%s]))",
            "list(itertools.islice(%s, 2))", "dict(enumerate(%s))",
            "x = min(map(abs, %s), default=1)") % self.generator())

    def stepping(self, indent):
        name = self.name("s")
        self.add(indent, "%s = %s\ntry:" % (name, self.generator()))
        for _ in range(1 + self.number(4)):
            self.add(indent + 1, self.pick(
                "x = next({0}) + 1", "x = next({0}, 1)",
                "x = {0}.__next__()", "x = {0}.send(None)",
                "x = next({0}) + {0}.send(n)", "x = {0}.throw({1}(n))",
                "x = {0}.throw({1})", "{0}.close()",
            ).format(name, self.error()))
        self.add(indent, "except (StopIteration, E0, E2):\n    x = 3\n"
                 "except (TypeError, RuntimeError):\n    x = 4")
        self.add(indent, self.pick("%s.close()", "for v in %s: x = v") % name)

    def awaiting(self, indent):
        self.add(indent, "x = drive(%s, n, b)" % self.coroutine())

    def async_stepping(self, indent):
        name = self.name("t")
        self.add(indent, "%s = %s" % (name, self.async_generator()))
        for _ in range(1 + self.number(3)):
            self.add(indent, "try:\n    x = drive(%s, n, b)\n"
                     "except StopAsyncIteration:\n    x = 3" % self.pick(
                         "{0}.__anext__()", "{0}.asend(None)",
                         "{0}.athrow({1}(n))", "{0}.aclose()",
                         "{0}.__anext__()").format(name, self.error()))
        self.add(indent, "try:\n    drive(%s.aclose(), n, b)\n"
                 "except StopAsyncIteration:\n    x = 7" % name)

    def class_body(self, indent):
        name = self.name("L")
        self.add(indent, '''\
class {0}{1}:
    y = {2}(n - 2, b)
    @decorate
    def m(n, b):
        return len("m") + n
    @property
    def p(self):
        return self.y
    def __getattr__(self, name):
        return abs(-4)
    def __eq__(self, other):
        return tick(b) > 0
    def __len__(self):
        return abs(-3)
    def __getitem__(self, i):
        return {3}(n - 2, b) if i < 1 else [][i]
    def __iter__(self):
        return iter([1, 2])
    def __str__(self):
        return str(3)
    def __lt__(self, other):
        return len("lt") > 4
    def __call__(self, v):
        return v + 1
'''.format(name, self.pick("", "(C0)", "(C1)"), self.function(),
           self.function()))
        for _ in range(2):
            self.add(indent, self.pick(
                "x = {0}.m(n - 1, b)", "x = {0}().p", "x = {0}().missing",
                "x = len({0}())", "x = 1 + ({0}() == {0}())",
                "x = {0}()[0]", "x = sum({0}())", "x = int(str({0}()))",
                "sorted([{0}(), {0}()])", "x = {0}()(n)",
                "list(map({0}(), [1, 2]))", "'%s' % {0}()",
                "[1, {0}()].index({0}())").format(name))

    def decorated(self, indent):
        name = self.name("d")
        self.add(indent, self.pick(
            "@decorate\ndef {0}(n, b):\n    return {1}(n - 1, b)\n"
            "x = {0}(n - 1, b)",
            "@decorate_with(1)\ndef {0}(n, b):\n    return {1}(n - 1, b)\n"
            "x = {0}(n - 1, b)",
            "@functools.lru_cache(None)\ndef {0}(n):\n    return n + 1\n"
            "x = {0}(n) + {0}(n)",
            "@functools.singledispatch\ndef {0}(v, b):\n    return v + 1\n"
            "x = {0}(n, b)",
            "def {0}(v, *w, k=n):\n    return v + k\nx = {0}(n, 1, k=2)",
        ).format(name, self.function()))

    def executed(self, indent):
        name = self.name("e")
        self.add(indent, "for i in range(%d):\n    scope = dict(globals())\n"
                 "    exec('def %s_%%d(n, b):\\n    return %s(n - 2, b)' %% i,"
                 " scope)\n    x = scope['%s_%%d' %% i](n - 1, b)\n"
                 "    scope = None"
                 % (self.pick(1, 3), name, self.function(), name))

    def dying(self, indent):
        self.add(indent, self.pick(
            "box.append(Dying(n - 1, b))\nbox.pop()",
            "Dying(n - 1, b)",
            "box.append(Dying(n - 1, b))\ndel box[:]",
            "box.append([Dying(n - 1, b), %s])\nnext(box[-1][1], 1)\nbox.pop()"
            % self.generator(),
            "box.append(Dying(n - 1, b))\nbox[-1].self = box[-1]\nbox.pop()\n"
            "gc.collect()",
            "box.append(Dying(0, b))\nbox.append(weakref.ref(box[-1], "
            "lambda dead: abs(-1)))\nbox.pop(-2)\nbox.pop()",
            "box.append(%s)\nnext(box[-1], 1)\nbox.pop()" % self.generator(),
            "box.append([%s])\nnext(box[-1][0], 1)\n"
            "box[-1].append(box[-1])\nbox.pop()\ngc.collect()"
            % self.generator(),
        ))

    def threading_(self, indent):
        """A thread that is waited for: another one at a time or free."""
        if self.in_generator or len(self.threads) > 6:
            return self.c_call(indent)
        name = "thread_%d_%d" % (self.seed, len(self.threads))
        self.threads.append(name)
        self.add(indent, "x = start_thread(%s, n + %d)"
                 % (name, self.number(4)))

    def switching(self, indent):
        if self.is_inline:
            self.add(indent, self.pick("record_start()", "record_start()",
                                       "record_stop()"))
        else:
            self.c_call(indent)

    def yielding(self, indent):
        if self.in_generator == "generator":
            self.add(indent, self.pick(
                "x = yield n + 1", "yield x + 1", "yield from %s"
                % self.generator(), "yield from [1, 2]",
                "try:\n    yield n + 1\nexcept E0:\n    yield 2",
                "try:\n    yield n + 2\nfinally:\n    len('closed')",
                "try:\n    yield n\nexcept GeneratorExit:\n    %s"
                % self.pick("raise", "return 3", "yield 4"),
            ))
        elif self.in_generator == "coroutine":
            self.async_statement(indent)
        elif self.in_generator == "async generator":
            if self.number(2):
                self.add(indent, self.pick(
                    "x = (yield n + 1) or 1",
                    "try:\n    yield n + 1\nexcept E0:\n    yield 2",
                    "try:\n    yield n + 2\nfinally:\n    len('closed')"))
            else:
                self.async_statement(indent)
        else:
            self.call(indent)

    def async_statement(self, indent):
        what = self.number(5)
        if what == 0:
            self.add(indent, "x = await Pause(n)")
        elif what == 1:
            self.add(indent, "x = await %s" % self.coroutine())
        elif what == 2:
            self.add(indent, "async with Manager(%s):"
                     % self.pick("True", "False"))
            self.block(indent + 1)
        elif what == 3:
            self.add(indent, "async for v in %s:\n    x = v + abs(n)"
                     % self.async_generator())
        else:
            self.add(indent, "x = len([v async for v in %s])"
                     % self.async_generator())

    STATEMENTS = (
        (call, 9), (c_call, 6), (c_error, 2), (callback, 5),
        (comprehension, 3), (raising, 3), (deep_raising, 1), (trying, 5),
        (managing, 2), (branch, 2), (loop, 2), (generating, 3),
        (generating_in_c, 3), (stepping, 4), (awaiting, 3),
        (async_stepping, 2), (class_body, 1), (decorated, 1), (executed, 1),
        (dying, 3), (threading_, 1), (switching, 3), (yielding, 0))

    def block(self, indent):
        for _ in range(1 + self.number(2) if indent > 1
                       else 2 + self.number(4)):
            weights = [weight if statement is not Program.yielding
                       else 20 if self.in_generator else 0
                       for statement, weight in self.STATEMENTS]
            statement, = self.random.choices(
                [statement for statement, _ in self.STATEMENTS], weights)
            if indent > 4:
                statement = Program.c_call
            statement(self, indent)

    in_generator = ""

    def body(self, indent, kind=""):
        self.in_generator = kind
        self.add(indent, "x = 1\nif n <= 0 or tick(b) < 0:\n    %s"
                 % ("return 1" if kind != "async generator" else "return"))
        if kind == "generator":
            self.add(indent, "yield 1")
        elif kind == "async generator":
            self.add(indent, "yield await Pause(3)")
        elif kind == "coroutine":
            self.add(indent, "x = await Pause(4)")
        self.block(indent)
        if kind != "async generator":
            self.add(indent, "return 5")
        self.in_generator = ""

    def definitions(self):
        for i in range(FUNCTIONS):
            self.add(0, "def f%d(n, b):" % i)
            self.body(1)
        for i in range(GENERATORS):
            self.add(0, "def g%d(n, b):" % i)
            self.body(1, "generator")
        for i in range(COROUTINES):
            self.add(0, "async def k%d(n, b):" % i)
            self.body(1, "coroutine")
        for i in range(ASYNC_GENERATORS):
            self.add(0, "async def a%d(n, b):" % i)
            self.body(1, "async generator")
        for i in range(CLASSES):
            self.add(0, "class C%d%s:" % (i, self.pick("", "(C%d)" % (i - 1))
                                          if i else ""))
            self.add(1, "def __init__(self, v=1):\n    self.v = v")
            for method in range(3):
                self.add(1, "def m%d(self, n, b):" % method)
                self.body(2)
            self.add(1, "@classmethod\ndef c0(cls, n, b):")
            self.body(2)
            self.add(1, "@staticmethod\ndef s0(n, b):")
            self.body(2)
            self.add(1, "def __call__(self, n, b):")
            self.body(2)
            self.add(1, "def g(self, n, b):")
            self.body(2, "generator")

    def text(self):
        self.add(0, HEAD.format(dying="f%d" % self.number(FUNCTIONS)))
        self.definitions()
        self.add(0, "def main(n, b):")
        self.add(1, "x = 1")
        for _ in range(3):
            self.add(1, "try:")
            self.add(2, "record_start()" if self.is_inline else "len('main')")
            self.block(2)
            self.add(1, "except (E0, E2):\n    x = 9")
        self.add(1, "return x")
        for name in self.threads:
            self.add(0, "def %s(n):" % name)
            self.add(1, "b = [150]\ntry:")
            self.add(2, "x = %s(n, b)" % self.function())
            self.add(1, "except BaseException:\n    x = 2")
            self.add(1, "return x")
        self.add(0, "try:\n    main(%d, [%d])\n"
                 "except BaseException:\n    abs(-8)"
                 % (self.pick(4, 6, 9), self.pick(50, 200, 600)))
        return "\n".join(self.lines) + "\n"


def program(seed, is_inline=False):
    """The text of the program of this seed."""
    return Program(seed, is_inline).text()


if __name__ == "__main__":
    print(program(int(sys.argv[1]), "inline" in sys.argv[2:]), end="")
