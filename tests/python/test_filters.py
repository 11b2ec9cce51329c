# SPDX-License-Identifier: Apache-2.0
"""Filters: random programs under random filters, each call compared with an
oracle that knows the rules; and what the rules say, one by one.

    SEED=7 CASES=500 PYTHON=python3.12 PACKAGE=... test_filters.py
"""
import json
import os
import random
import shutil
import tempfile
import unittest
import urllib.parse

import recorded
from recorded import vzt_reader

CONTROL = os.path.join(recorded.PROGRAMS, "filter_control.py")
SEED = int(os.environ.get("SEED", "1"))
CASES = int(os.environ.get("CASES", "60"))
MODULES = ("one/first.py", "one/deep/second.py", "one_more/third.py",
           "link/second_by_link.py", "../outside.py", "<string>", "one/gone.py")
PATHS = ("one", "one/", "./one/deep", "one/deep/../deep/second.py", "one_more",
         "link", "on", "../outside.py", "nowhere", "", "one/gone.py")


class Generator:
    """A program: functions that call those with higher numbers, and themselves
    as long as the budget lasts. `n` counts down; sums stay numbers."""

    def __init__(self, source, count=12):
        self.source = source
        self.count = count
        self.kinds = [source.choice(("plain", "plain", "plain", "generator",
                                     "coroutine")) for _ in range(count)]
        self.kinds[0] = "plain"
        self.turning = set(source.sample(range(count), 3))
        self.name_count = 0

    def new_name(self):
        """Never given again: a witness may keep a variable's value alive."""
        self.name_count += 1
        return "v%d" % self.name_count

    def pick(self, i, kind):
        """The number of a function that i may call, or None."""
        found = [j for j in range(i + 1, self.count) if self.kinds[j] == kind]
        return self.source.choice(found) if found else None

    def calls(self, i):
        """Lines that call, as an expression or a statement."""
        source = self.source
        plain = self.pick(i, "plain")
        generator = self.pick(i, "generator")
        coroutine = self.pick(i, "coroutine")
        name = self.new_name()
        yield ["len('x')", "abs(n)"]
        yield ["try:", "    int('x')", "except ValueError:", "    'a'.upper()"]
        yield ["(lambda x: len(str(x)))(n)"]
        yield ["sum(x for x in [1, 2, abs(n)])"]
        if plain is not None:
            yield ["F[%d](n - 1)" % plain]
            yield ["F[%d](n - 1)" % plain, "F[%d](n - 2)" % plain]
            yield ["sorted([2, 1], key=F[%d])" % plain]
            yield ["sum(map(F[%d], [n, 1]))" % plain]
            yield ["try:", "    F[%d](n - 1)" % plain, "except ValueError:",
                   "    len('caught')"]
            yield ["control.spawn(F[%d], n)" % plain]
        if self.kinds[i] == "plain":
            yield ["if n > 3:", "    F[%d](n - 3)" % i]
        if generator is not None:
            yield ["for %s in F[%d](n):" % (name, generator), "    abs(n)"]
            yield ["%s = F[%d](n)" % (name, generator), "next(%s, 0)" % name,
                   "%s.close()" % name]
            yield ["%s = F[%d](n)" % (name, generator), "next(%s, 0)" % name,
                   "try:", "    %s.throw(ValueError())" % name,
                   "except (ValueError, StopIteration):", "    len('thrown')"]
        if coroutine is not None and self.kinds[i] == "plain":
            yield ["%s = F[%d](n)" % (name, coroutine), "try:",
                   "    while True:", "        %s.send(None)" % name,
                   "except StopIteration:", "    pass"]
        if coroutine is not None and self.kinds[i] == "coroutine":
            yield ["await F[%d](n)" % coroutine]
        if generator is not None and self.kinds[i] == "generator":
            yield ["yield from F[%d](n)" % generator]
        if self.kinds[i] == "generator":
            yield ["yield n"]
        if i in self.turning and source.random() < 0.5:
            yield ["control.turn()"]
        quiet = [j for j in range(i + 1, self.count) if j not in self.turning]
        if quiet and source.random() < 0.2:
            yield ["control.mark(%d)" % source.choice(quiet)]
        if source.random() < 0.3:
            yield ["if n % 3 == 1:", "    raise ValueError(n)"]

    def function(self, i):
        lines = ["budget[0] -= 1", "if budget[0] < 0 or n < 0:", "    return 0"]
        if self.kinds[i] == "generator":
            lines.append("yield n")
        choices = list(self.calls(i))
        for _ in range(self.source.randint(1, 5)):
            lines += self.source.choice(choices)
        if i in self.turning:
            lines += self.source.choice(choices)
        if self.kinds[i] == "generator" and self.source.random() < 0.5:
            lines = ["try:"] + ["    " + line for line in lines] + [
                "finally:", "    len('last')"]
        head = "async def" if self.kinds[i] == "coroutine" else "def"
        return ["%s f%d(n):" % (head, i)] + [
            "    " + line for line in lines] + [
            "    return n", "F[%d] = f%d" % (i, i), ""]

    def modules(self):
        """[[path, text]]; the last one runs while it is recorded."""
        texts = {path: [] for path in MODULES}
        for i in range(self.count):
            texts[self.source.choice(MODULES)] += self.function(i)
        result = [[path, "\n".join(lines)] for path, lines in texts.items()]
        late = ["n = 2", "len('late')"]
        plain = self.pick(0, "plain")
        if plain is not None:
            late += ["try:", "    F[%d](n)" % plain, "except ValueError:",
                     "    pass"]
        return result + [[self.source.choice(MODULES), "\n".join(late) + "\n"]]


def random_options(source, folder):
    paths = []
    if source.random() < 0.7:
        paths = source.sample(PATHS, source.randint(1, 3))
    absolute = [os.path.join(folder, path) for path in paths]
    options = {
        "paths": absolute,
        "is_include": source.random() < 0.5,
        "keep_descendants": source.random() < 0.4,
        "c_functions": source.random() < 0.7,
        "max_depth": source.choice((None, None, None, 0, 1, 2, 3, 4, 6, 9)),
    }
    items = ["c_functions=%d" % options["c_functions"],
             "keep_descendants=%d" % options["keep_descendants"]]
    if options["max_depth"] is not None:
        items.append("max_depth=%d" % options["max_depth"])
    if paths:
        written = source.choice((paths, absolute))
        items.append("%s=%s" % (
            "include" if options["is_include"] else "exclude",
            ",".join(urllib.parse.quote(path or ".", safe="/")
                     for path in written)))
    options["text"] = " ".join(items)
    return options


def make_case(source, folder):
    """Write a program and its filters into a new folder."""
    for name in ("one/deep", "one_more"):
        os.makedirs(os.path.join(folder, name))
    os.symlink("one/deep", os.path.join(folder, "link"))
    generator = Generator(source)
    modules = generator.modules()
    for path, _ in modules:
        if path != "<string>" and not path.endswith("gone.py"):
            with open(os.path.join(folder, path), "w"):
                pass  # only whether it is there matters
    written = [[path if path.startswith("<") or source.random() < 0.2
                else os.path.join(folder, path), text]
               for path, text in modules]
    options = [random_options(source, folder)
               for _ in range(source.randint(1, 3))]
    case = {"modules": written, "options": options,
            "ignored": source.sample(range(1, generator.count),
                                     source.choice((0, 0, 1, 2)))}
    with open(os.path.join(folder, "case.json"), "w") as file:
        json.dump(case, file, indent=1)


def entries(segment):
    """["+name", "-name"] as [(depth, name)] of the entries. A thread's last
    exits may come after the stop that follows: they say nothing more."""
    stack = []
    result = []
    for event in segment:
        if event[0] == "+":
            result.append((len(stack), event[1:]))
            stack.append(event[1:])
        elif stack:
            if stack[-1] != event[1:]:
                raise AssertionError("%s leaves %s" % (event[1:], stack[-1]))
            stack.pop()
    return result


def name_of(function):
    name = function.name.rpartition(".")[2]
    if function.kind == vzt_reader.FUNCTION_PYTHON:
        return "%s %s:%d" % (name, os.path.basename(function.file),
                             function.line)
    return name


def stream_segments(process, stream):
    segments = [[]]
    for event in process.events(stream.id):
        if event.record == vzt_reader.RECORD_GAP:
            segments.append([])
        elif event.kind in vzt_reader.ENTRIES:
            segments[-1].append("+" + name_of(process.functions[event.function]))
        elif event.kind in vzt_reader.EXITS:
            segments[-1].append("-" + name_of(process.functions[event.function]))
    return segments


def tidy(threads):
    """What is left of threads and segments in which nothing was recorded."""
    threads = [[entries(segment) for segment in segments if entries(segment)]
               for segments in threads]
    return [segments for segments in threads if segments]


class RandomTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.folder = os.path.realpath(
            tempfile.mkdtemp(prefix="viztracer-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def witness(self, kind, cases):
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        environment["TMPDIR"] = self.folder
        output = os.path.join(self.folder, kind)
        done = recorded.run([CONTROL, kind, output] + cases, environment)
        self.assertEqual((done.status, done.stderr), (0, ""))
        return [output + ".%d" % i for i in range(len(cases))]

    def recorded_threads(self, path):
        trace = vzt_reader.read(path + ".vzt")
        process, = trace.processes
        self.assertEqual(process.status.mismatched_returns, 0)
        streams = sorted(process.streams.values(),
                         key=lambda stream: stream.id)
        return tidy(stream_segments(process, stream) for stream in streams)

    def expected_threads(self, path):
        with open(path) as file:
            return tidy(json.load(file))

    def test_random_programs(self):
        cases = []
        for i in range(CASES):
            folder = os.path.join(self.folder, "case%d" % i)
            make_case(random.Random("%d %d" % (SEED, i)), folder)
            cases.append(folder)
        records = self.witness("recorder", cases)
        wanted = self.witness("oracle", cases)
        count = 0
        for i in range(CASES):
            expected = self.expected_threads(wanted[i])
            with open(os.path.join(cases[i], "case.json")) as file:
                texts = [options["text"]
                         for options in json.load(file)["options"]]
            with self.subTest(case=i, options=texts):
                self.assertEqual(self.recorded_threads(records[i]), expected)
            count += sum(len(segment) for thread in expected
                         for segment in thread)
        self.assertGreater(count, 20 * CASES)  # or it has tested nothing


if __name__ == "__main__":
    unittest.main(verbosity=2)
