# SPDX-License-Identifier: Apache-2.0
"""HTML reports in a real browser, against the JSON export of the same trace.

    VIZTRACER=build/dev/bin/viztracer PYTHON=python3.12 \\
    MAKE_TRACES=... MODULES=... python3 test_page.py
"""
import atexit
import collections
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import unittest

from browser import CHROMIUM, HERE, Browser

sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from launcher import PYTHON, VIZTRACER, LauncherTest  # noqa: E402

MARKUP = '</script><img src=x onerror="alert(1)">'
APP = '''
import threading, time
from viztracer import VizTracer

tracer = VizTracer(verbose=0)

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

class Cart:
    def total(self, items):
        return sum(map(abs, items))

def worker(number):
    tracer.add_instant("begin %d" % number, {"number": number}, "t")
    fib(9)
    tracer.add_object("N", number, "cart %d" % number)
    tracer.add_object("O", number, "cart %d" % number,
                      {"snapshot": {"total": [number]}})
    for i in range(5):
        tracer.add_counter("queue", {"length": i * number, "limit": 8})
        Cart().total(range(100))
        time.sleep(0.001)

threads = [threading.Thread(target=worker, args=(n,), name="worker-%d" % n)
           for n in range(1, 4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
tracer.add_instant("all done", None, "g")
'''
KILLED = '''
import os, signal

def work(n):
    len("abc")
    if n == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    work(n - 1)

work(20)
'''


class PageTest(LauncherTest):
    recorded = {}  # folders of programs that were recorded, by their text

    browser = None  # one for all tests

    @classmethod
    def setUpClass(cls):
        if PageTest.browser is None:
            PageTest.browser = Browser(os.environ["MODULES"])
            atexit.register(PageTest.browser.close)

    def make_trace(self, name):
        self.run_command(os.environ["MAKE_TRACES"], name, self.folder)
        return self.path("trace.vzt")

    def record(self, text, status=0):
        """The trace of a program that has a tracer of its own to mark with;
        the same one each time. The program is self.program."""
        folder = self.recorded.get(text)
        if folder is None:
            folder = tempfile.mkdtemp(prefix="viztracer-page-")
            atexit.register(shutil.rmtree, folder)
            self.recorded[text] = folder
            with open(os.path.join(folder, "app.py"), "w") as file:
                file.write(text)
            packages = self.viztracer("--python_path").stdout.decode().strip()
            self.environment["PYTHONPATH"] = packages
            done = self.viztracer("-o", os.path.join(folder, "trace.vzt"),
                                  os.path.join(folder, "app.py"))
            self.assertEqual(done.returncode, status, done.stderr.decode())
        self.program = os.path.join(folder, "app.py")
        return os.path.join(folder, "trace.vzt")

    def open(self, trace, *arguments, without=None, **options):
        """Export the trace, with more arguments, and open the page, with
        options of the browser; how long that took, in ms."""
        self.page = "%s%s.html" % (trace, "".join(arguments))
        if not os.path.exists(self.page):
            done = self.viztracer("export", trace, *arguments, "-o", self.page)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        spent = self.browser.open(self.page, options,
                                  *filter(None, [without]))
        self.assertEqual(self.state(), "ready", self.text("#notes"))
        return spent

    def events(self, trace):
        """The JSON export of a trace."""
        path = self.path("page.json")
        done = self.viztracer("export", trace, "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        with open(path) as file:
            return json.load(file)["traceEvents"]

    def state(self):
        return self.browser.call("() => document.body.dataset.state")

    def text(self, selector):
        return self.browser.call(
            "(s) => document.querySelector(s)?.textContent ?? null", selector)

    def field(self, name):
        return self.text("#details [data-field=%s]" % name)

    def search(self, text):
        self.browser.key("Escape")
        self.browser.key("/")
        self.browser.type(text)
        self.browser.key("Enter")
        return self.text("#search-count")

    def function_rows(self):
        """{(name, place): {column: value}} of the table."""
        rows = self.browser.call("""() => [...document.querySelectorAll(
            "#function-table tbody tr")].map((row) => [
                row.querySelector("button").textContent,
                row.querySelector("small").textContent,
                ...[...row.querySelectorAll("[data-value]")].map(
                    (cell) => [cell.dataset.key, cell.dataset.value])])""")
        return {(name, place): {key: float(value) for key, value in cells}
                for name, place, *cells in rows}

    def place_on_counter(self):
        """Where the end of the first counter is, once it is drawn."""
        self.browser.call("""() => document.querySelector(".counter canvas")
            .scrollIntoView({block: "center"})""")
        self.browser.wait("document.querySelector('.counter canvas').width"
                          " > 300")
        return self.browser.call("""() => {
            const box = document.querySelector(".counter canvas")
                .getBoundingClientRect();
            return [box.right - 3, box.y + 30];
        }""")

    def draw(self):
        """Until two more frames are painted."""
        self.browser.call("""() => new Promise((done) => requestAnimationFrame(
            () => requestAnimationFrame(() => done(0))))""")

    def hover(self, x, y):
        """Move the mouse until what is there tells of itself: what is drawn
        hears of the mouse a moment later."""
        for i in range(300):
            self.browser.hover(x + i % 2, y)
            self.draw()
            if not self.browser.call(
                    "() => document.getElementById('tip').hidden"):
                return
        self.fail("nothing at %s, %s" % (x, y))

    def assert_no_problems(self):
        self.assertEqual(self.browser.problems(), [])


def duration_text(us):
    """A duration of the JSON export, as the page has it."""
    ns = round(us * 1000)
    for size, unit, digits in ((1e9, "s", 4), (1e6, "ms", 4), (1e3, "µs", 3)):
        if ns >= size:
            value = ns / size
            return "%.*f %s" % (digits - len(str(int(value))), value, unit)
    return "%d ns" % ns


class Facts(PageTest):
    """What the page says is what the JSON export says."""

    def test_opens_on_the_flame_graph(self):
        trace = self.record("def work(): pass\nwork()\n")
        page = self.path("flame.html")
        done = self.viztracer("--generate_flamegraph", trace, "-o", page)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.browser.open(page, {})
        self.assertEqual(self.state(), "ready")
        self.assertEqual(
            self.browser.call("() => document.body.dataset.tab"), "flame")
        self.assertTrue(self.browser.call(
            "() => document.querySelector('#flame-graph svg') !== null"
            " && document.querySelector('#timeline').hidden"))
        self.assert_no_problems()

    def test_functions(self):
        trace = self.record(APP)
        self.open(trace)
        calls = collections.Counter(
            event["name"] for event in self.events(trace)
            if event["ph"] in "XB")
        rows = self.function_rows()
        found = collections.Counter()
        for (name, place), row in rows.items():
            label = "%s (%s)" % (name, place) if place else name
            found[label] += int(row["calls"])
        self.assertEqual(found, calls)
        self.assertIn("{:,} calls".format(sum(calls.values())),
                      self.text("#facts"))
        self.assert_no_problems()

    def test_a_call_found_by_name(self):
        trace = self.record(APP)
        self.open(trace)
        events = self.events(trace)
        for name, place in (("Cart.total", 10), ("fib", 6), ("worker", 13)):
            label = "%s (%s:%d)" % (name, self.program, place + 1)
            wanted = sorted(
                (event for event in events
                 if event["ph"] == "X" and event["name"] == label),
                key=lambda event: event["ts"])
            self.assertGreater(len(wanted), 2, label)
            count = self.search(name)
            self.assertRegex(count, r"^1 of [\d,]+ found$")
            if name == "Cart.total":
                self.assertEqual(count, "1 of %d found" % len(wanted))
            for event in wanted[:3] if name == "Cart.total" else wanted[:1]:
                if name != "worker" or self.text("#details-title") == name:
                    self.assertEqual(self.text("#details-title"), name)
                    self.assertEqual(self.field("duration"),
                                     duration_text(event["dur"]))
                    self.assertIn("(%d)" % event["tid"], self.field("track"))
                    self.assertIn("(%d)" % event["pid"], self.field("process"))
                    self.assertEqual(
                        self.field("place"),
                        "%s:%d" % (self.program, place + 1))
                self.browser.click("#search-next")
        self.assert_no_problems()

    @staticmethod
    def value_at_end(events, key):
        """What a counter was when "all done" happened, which is selected."""
        return [event["args"][key] for event in events
                if event["ph"] == "C"][-1]

    def test_instants_and_counters(self):
        trace = self.record(APP)
        self.open(trace)
        events = self.events(trace)
        for event in events:
            if event["ph"] == "i" and event["name"] != "all done":
                self.assertEqual(self.search(event["name"]), "1 of 1 found")
                self.assertEqual(self.field("name"), event["name"])
                self.assertEqual(json.loads(self.field("args")), event["args"])
                self.assertEqual(self.field("scope"), "thread")
        self.browser.key("0")
        self.assertEqual(self.search("all done"), "1 of 1 found")
        self.assertEqual(self.text("#cursor-time"), self.field("start"))
        self.assertEqual(self.field("counters"), ", ".join(
            "queue %s %d" % (key, self.value_at_end(events, key))
            for key in ("length", "limit")))
        self.assertEqual(self.search("all done"), "1 of 1 found")
        self.assertEqual((self.field("scope"), self.field("args")),
                         ("global", "none"))
        points = sum(event["ph"] == "C" for event in events)
        self.assertEqual(
            self.browser.call("""() => [...document.querySelectorAll(
                ".counter")].map((row) => row.textContent)"""),
            ["queue%s%d points%d" % (key, points, self.value_at_end(events, key))
             for key in ("length", "limit")])
        self.browser.key("Escape")
        self.browser.key("Escape")
        self.browser.key("0")
        self.hover(*self.place_on_counter())
        last = [event["args"]["length"] for event in events
                if event["ph"] == "C"][-1]
        self.assertRegex(self.text("#tip"), "^queue length(%d|no value yet)"
                         % last)
        self.assert_no_problems()

    def test_objects(self):
        trace = self.record(APP)
        self.open(trace)
        objects = [event for event in self.events(trace)
                   if event["ph"] in "NOD"]
        self.assertEqual(len(objects), 6)
        for event in objects:
            self.assertEqual(self.search(event["name"]), "1 of 2 found")
            if event["ph"] == "N":
                self.assertEqual(self.field("phase"), "created")
                self.assertEqual(self.field("args"), "none")
            else:
                self.browser.click("#search-next")
                self.assertEqual(self.field("phase"), "snapshot")
                self.assertEqual(json.loads(self.field("args")), event["args"])
            self.assertEqual(self.field("name"), event["name"])
            self.assertEqual(self.field("id"), event["id"])
        self.assert_no_problems()

    def test_a_killed_program(self):
        trace = self.record(KILLED, status=-9)
        self.open(trace)
        self.assertIn("SIGKILL", self.text("#tracks h2"))
        self.search("work")
        self.assertEqual(self.field("notes"), "still open where the trace ends")
        self.assertTrue(self.field("duration").startswith("≥ "))
        rows = self.function_rows()
        row, = [row for (name, _), row in rows.items() if name == "work"]
        self.assertEqual(row["calls"], 21)
        self.assert_no_problems()

    def test_an_empty_trace(self):
        self.open(self.make_trace("empty"))
        self.assertIn("0 calls", self.text("#facts"))
        self.assertEqual(self.function_rows(), {})
        for tab in ("flame", "functions", "timeline"):
            self.browser.click("#tab-" + tab)
        self.assert_no_problems()


class Arrows(PageTest):
    """Arrows between calls and asynchronous calls, of a made trace."""

    EVENTS = [
        {"ph": "M", "name": "thread_name", "args": {"name": "accept"}},
        {"ph": "M", "name": "thread_name", "tid": 2, "args": {"name": "worker"}},
        {"ph": "X", "name": "accept", "ts": 0, "dur": 400},
        {"ph": "X", "name": "enqueue", "ts": 100, "dur": 100},
        {"ph": "s", "name": "job", "id": 1, "ts": 150, "cat": "flow"},
        {"ph": "X", "name": "loop", "tid": 2, "ts": 200, "dur": 800},
        {"ph": "X", "name": "handle", "tid": 2, "ts": 300, "dur": 500},
        {"ph": "f", "bp": "e", "name": "job", "id": 1, "tid": 2, "ts": 320,
         "cat": "flow"},
        {"ph": "b", "name": "GET", "cat": "net", "id": "0x1", "ts": 90},
        {"ph": "b", "name": "dns", "cat": "net", "id": "0x1", "ts": 120},
        {"ph": "e", "name": "dns", "cat": "net", "id": "0x1", "ts": 180},
        {"ph": "e", "name": "GET", "cat": "net", "id": "0x1", "ts": 890},
    ]

    def test_are_drawn_and_followed(self):
        events = [dict({"pid": 1, "tid": 1}, **event) for event in self.EVENTS]
        self.open(self.write("made.json", json.dumps({"traceEvents": events})))
        self.search("enqueue")
        self.assertEqual(self.field("arrows-out"), "job to handle (worker)")
        self.assertEqual(self.field("arrows-in"), None)
        self.assertEqual(self.browser.call(
            "() => document.querySelectorAll('#arrows .is-out').length"), 1)
        self.browser.key("Escape")
        self.browser.key("]")
        self.assertEqual(self.text("#details-title"), "handle")
        self.assertEqual(self.field("arrows-in"), "job from enqueue (accept)")
        self.browser.key("]")
        self.assertEqual(self.text("#details-title"), "handle")
        self.browser.key("[")
        self.assertEqual(self.text("#details-title"), "enqueue")
        self.search("dns")
        self.assertEqual(self.field("track"), "GET")
        self.assertEqual(self.field("duration"), "60.0 µs")
        self.assertIn("2 threads · 1 other track".replace(" · ", ""),
                      self.text("#facts"))
        self.assert_no_problems()


class Source(PageTest):
    """The source text of what is selected, and that it can be left out."""

    def lines(self):
        return self.browser.call("""() => [...document.querySelectorAll(
            "#details .source .line")].map((line) => [
                Number(line.dataset.line), line.textContent,
                line.classList.contains("is-outside")])""")

    def test_is_that_of_the_file(self):
        self.open(self.record(APP))
        self.assertRegex(self.text("[data-fact=source]"), "^holds source text")
        self.search("Cart.total")
        with open(self.program) as file:
            text = file.read().split("\n")
        lines = self.lines()
        for number, line, _ in lines:
            self.assertEqual(line, text[number - 1])
        self.assertEqual([number for number, _, is_outside in lines
                          if not is_outside], [10 + 1, 11 + 1])
        self.assertEqual(self.text("#details .is-first"),
                         "    def total(self, items):")
        self.assert_no_problems()

    def test_is_left_out(self):
        self.open(self.record(APP), "--no_source")
        self.assertEqual(self.text("[data-fact=source]"),
                         "holds no source text")
        self.search("Cart.total")
        self.assertEqual(self.lines(), [])
        self.assertIn("(--no_source)", self.text("#details .no-source"))
        self.assert_no_problems()


class Hostile(PageTest):
    def test_names_are_text(self):
        self.open(self.make_trace("hostile"))
        for part in ("process", "thread", "counter", "key"):
            self.assertIn(part + MARKUP, self.text("#tracks"))
        self.assertEqual(self.text("#title"), "process" + MARKUP)
        self.assertEqual(self.search("function"), "1 of 1 found")
        self.assertEqual(self.text("#details-title"), "function" + MARKUP)
        self.assertEqual(self.field("place"), "file" + MARKUP + ":7")
        self.assertEqual(self.text("#details .is-first"), "7" + MARKUP)
        self.search("instant")
        self.assertEqual(self.field("name"), "instant" + MARKUP)
        self.assertEqual(json.loads(self.field("args")),
                         {"key</script><b>": "<img src=x>"})
        self.search("not JSON")
        self.assertEqual(self.field("args"), MARKUP)
        self.search("object")
        self.assertEqual(self.field("name"), "object" + MARKUP)
        self.assertEqual(self.field("id"), "id" + MARKUP)
        self.browser.click("#tab-functions")
        self.browser.key("Escape")
        self.assertEqual(list(self.function_rows()),
                         [("function" + MARKUP, "file" + MARKUP + ":7")])
        self.browser.click("#tab-flame")
        self.assertIn("function" + MARKUP, self.text("#flame-graph"))
        self.assertEqual(self.browser.call(
            "() => document.querySelectorAll('img, b:not(.row-name b)').length"),
            0)
        self.assert_no_problems()

    def test_names_of_another_trace_are_text(self):
        """All that only an import can have: arrows, categories, ids."""
        names = {part: part + MARKUP for part in (
            "process", "thread", "call", "to", "flow", "category", "async",
            "label", "key", "text")}
        events = [
            {"ph": "M", "name": "process_name", "args": {
                "name": names["process"]}},
            {"ph": "M", "name": "process_labels", "args": {
                "labels": names["label"]}},
            {"ph": "M", "name": "thread_name", "args": {
                "name": names["thread"]}},
            {"ph": "X", "name": names["call"], "ts": 0, "dur": 90,
             "args": {names["key"]: names["text"]}},
            {"ph": "s", "name": names["flow"], "id": 1, "ts": 50},
            {"ph": "X", "name": names["to"], "tid": 2, "ts": 100, "dur": 50},
            {"ph": "f", "bp": "e", "name": names["flow"], "id": 1, "tid": 2,
             "ts": 110},
            {"ph": "b", "name": names["async"], "cat": names["category"],
             "id": names["key"], "ts": 20},
            {"ph": "e", "name": names["async"], "cat": names["category"],
             "id": names["key"], "ts": 30},
        ]
        events = [dict({"pid": 1, "tid": 1}, **event) for event in events]
        self.open(self.write("made.json", json.dumps({"traceEvents": events})))
        for part in ("process", "thread", "async", "category"):
            self.assertIn(names[part], self.text("#tracks"))
        self.search(names["call"])
        self.assertEqual(self.text("#details-title"), names["call"])
        self.assertIn(names["flow"], self.field("arrows-out"))
        self.assertIn(names["to"], self.field("arrows-out"))
        self.assertEqual(json.loads(self.field("args")),
                         {names["key"]: names["text"]})
        self.browser.key("Escape")
        self.browser.key("]")
        self.assertIn(names["call"], self.field("arrows-in"))
        self.browser.key("7")
        self.assertIn(names["process"], self.text("#about-list"))
        self.browser.key("Escape")
        for tab in ("flame", "functions"):
            self.browser.click("#tab-" + tab)
        self.assertEqual(self.browser.call(
            "() => document.querySelectorAll('img').length"), 0)
        self.assert_no_problems()

    def test_the_file_has_no_name_as_it_is(self):
        trace = self.make_trace("hostile")
        self.open(trace)
        with open(self.page, "rb") as file:
            page = file.read()
        self.assertNotIn(b"onerror", page.partition(b'id="trace-data">')[2]
                         .partition(b"</script>")[0])
        policy = re.search(rb'Content-Security-Policy" content="([^"]*)"',
                           page)[1].decode()
        self.assertRegex(policy, "^default-src 'none'; script-src 'sha256-[^']*'"
                                 "; style-src 'sha256-[^']*'; ")
        self.assertNotIn("unsafe", policy)


class Views(PageTest):
    def test_the_flame_graph_covers_all_calls(self):
        trace = self.record(APP)
        self.open(trace)
        self.browser.click("#tab-flame")
        titles = self.browser.call("""() => [...document.querySelectorAll(
            "#flame-graph g title")].map((title) => title.textContent)""")
        outermost = sum(row["self"] for row in self.function_rows().values())
        self.assertEqual(titles[0].splitlines()[0], "all calls")
        self.assertIn(duration_text(outermost / 1000), titles[0])
        self.assertTrue(any(title.startswith("worker (") for title in titles))
        before = len(titles)
        self.browser.call("""() => [...document.querySelectorAll(
            "#flame-graph g")].find((g) => g.getAttribute("name") === "worker")
            .dispatchEvent(new MouseEvent("click", {bubbles: true}))""")
        self.browser.key("0")
        self.assertEqual(self.browser.call(
            "() => document.querySelectorAll('#flame-graph g').length"), before)
        self.assert_no_problems()

    def test_the_table_is_sorted_by_any_column(self):
        self.open(self.record(APP))
        self.browser.click("#tab-functions")
        for key in ("calls", "total", "self", "mean", "min", "max"):
            self.browser.click("th[data-key=%s] button" % key)
            values = [row[key] for row in self.function_rows().values()]
            if key == "self":  # it was; now the other way round
                self.assertEqual(values, sorted(values)[::-1])
            else:
                self.assertEqual(values, sorted(values, reverse=True), key)
        self.browser.click("th[data-key=name] button")
        names = [name for name, _ in self.function_rows()]
        self.assertEqual(names, sorted(names))

    def test_keys(self):
        self.open(self.record(APP))
        self.search("Cart.total")
        self.browser.key("Escape")
        title = self.text("#details-title")
        self.assertEqual(title, "Cart.total")
        self.browser.key("ArrowUp")
        self.assertEqual(self.text("#details-title"), "worker")
        self.browser.key("ArrowDown")
        self.assertNotEqual(self.text("#details-title"), "worker")
        for key in "wsadf0":
            self.browser.key(key)
        self.browser.key("Escape")
        self.assertTrue(self.browser.call(
            "() => document.getElementById('details').hidden"))
        for key, tab in (("2", "flame"), ("3", "functions"), ("1", "timeline")):
            self.browser.key(key)
            self.assertTrue(self.browser.call(
                "(id) => !document.getElementById(id).hidden", tab))
        self.assert_no_problems()

    def shown(self):
        """The first and the last ns of the timeline, as the axis has them."""
        return self.browser.call("""() => {
            const axis = document.getElementById("axis");
            const { left, right } = axis.getBoundingClientRect();
            return [left + 1, right - 1].map((clientX) => {
                document.getElementById("timeline").dispatchEvent(
                    new PointerEvent("pointermove", {clientX}));
                return Number(document.getElementById("cursor-time")
                    .textContent.replace(/[^0-9]/g, ""));
            });
        }""")

    def span(self):
        start, end = self.shown()
        return end - start

    def test_a_drag_along_the_axis_and_back(self):
        self.open(self.record(APP))
        start, end = self.shown()
        y = self.browser.call("() => document.getElementById('axis')"
                              ".getBoundingClientRect().top + 10")
        self.browser.drag(320, y, 640, y)
        low, high = self.shown()
        self.assertAlmostEqual((low - start) / (end - start), 0.25, 1)
        self.assertAlmostEqual((high - low) / (end - start), 0.25, 1)
        self.browser.key("u")
        self.assertEqual(self.shown(), [start, end])
        self.browser.key("End")
        self.assertEqual(self.shown(), [start, end])
        self.assert_no_problems()

    def test_fingers(self):
        self.open(self.record(APP), hasTouch=True)
        whole = self.span()
        y = self.browser.call("() => document.querySelector('.track canvas')"
                              ".getBoundingClientRect().top + 40")
        self.browser.touch([[[600, y], [680, y]], [[500, y], [780, y]],
                            [[440, y], [840, y]], []])
        zoomed = self.span()
        self.assertTrue(whole / 8 < zoomed < whole / 3, (whole, zoomed))
        start, _ = self.shown()
        self.browser.touch([[[600, y]], [[640, y]], [[760, y]], []])
        before, _ = self.shown()
        self.assertLess(before, start)
        self.assertAlmostEqual(self.span() / zoomed, 1, 2)
        self.assert_no_problems()

    def test_calls_of_one_function_by_length(self):
        trace = self.record(APP)
        self.open(trace)
        label = "Cart.total (%s:11)" % self.program
        wanted = sorted((event["dur"] for event in self.events(trace)
                         if event["name"] == label), reverse=True)
        self.browser.click("#tab-functions")
        self.browser.call("""() => [...document.querySelectorAll(
            "#function-table button")].find(
                (b) => b.textContent === "Cart.total").click()""")
        for rank, us in enumerate(wanted, 1):
            self.assertEqual(self.field("duration"), duration_text(us))
            self.assertIn(
                "the longest of 15 calls" if rank == 1 else "no. %d " % rank,
                self.field("rank"))
            self.browser.key(")")
        self.browser.key("(")
        self.assertEqual(self.field("duration"), duration_text(wanted[-2]))
        self.assertRegex(self.text("#search-count"), "^[0-9]+ of 15 found$")
        self.assert_no_problems()

    def test_points_of_a_counter(self):
        trace = self.record(APP)
        self.open(trace)
        values = [event["args"]["length"] for event in self.events(trace)
                  if event["ph"] == "C"]
        place = self.place_on_counter()
        self.hover(*place)
        self.browser.mouse(*place)
        for number in range(len(values), 0, -1):
            self.assertEqual(self.field("point"),
                             "%d of %d" % (number, len(values)))
            self.assertEqual(self.field("value"), str(values[number - 1]))
            self.browser.key("ArrowLeft")
        self.assert_no_problems()

    def test_how_it_was_made(self):
        self.open(self.record(APP))
        self.browser.key("7")
        self.assertIn(self.program, self.text("#about [data-about=command]"))
        self.assertIn(sys.implementation.name.lower(),
                      self.text("#about [data-about=python]").lower())
        self.assertRegex(self.text("#about [data-about=started]"),
                         "^20[0-9-]{8} [0-9:]{8} UTC")
        self.open(self.record(APP), "--no_args")
        self.assertNotIn("app.py", self.text("#about [data-about=command]")
                         or "")

    def test_a_browser_that_cannot_inflate(self):
        self.open(self.record(APP), without="DecompressionStream")
        self.assertEqual(self.search("Cart.total"), "1 of 15 found")
        self.assert_no_problems()

    def test_colours_by_choice(self):
        self.open(self.record(APP), colorScheme="dark")
        backs = []
        for _ in range(4):
            backs.append(self.browser.call(
                "() => getComputedStyle(document.body).backgroundColor"))
            self.browser.key("c")
        white = "rgb(255, 255, 255)"
        self.assertEqual([back == white for back in backs],
                         [False, True, False, False])
        self.assert_no_problems()

    def test_a_click_on_the_timeline(self):
        self.open(self.record(APP))
        # Below the row of the instant.
        box = self.browser.call("""() => {
            const box = document.querySelector(".track canvas")
                .getBoundingClientRect();
            return [box.x + box.width / 3, box.y + 26];
        }""")
        self.browser.wait("document.querySelector('.track canvas').width > 300")
        self.hover(*box)
        self.browser.mouse(*box)
        self.assertEqual(self.text("#details-title"), "<module>")
        self.assertTrue(self.text("#tip").startswith(
            "<module> (%s:1)" % self.program), self.text("#tip"))
        self.assert_no_problems()

    CONTRAST = """() => {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext(
            "2d", {willReadFrequently: true});
        const luminance = (name) => {
            context.fillStyle = getComputedStyle(document.documentElement)
                .getPropertyValue(name);
            context.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data]
                .map((c) => c / 255)
                .map((c) => c <= 0.04045 ? c / 12.92
                    : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        return [["text", "back"], ["text", "panel"], ["soft", "back"],
                ["soft", "panel"], ["accent", "back"], ["accent", "panel"],
                ["warn", "warn-back"]].map(([text, back]) => {
            const [low, high] = [luminance("--" + text), luminance("--" + back)]
                .sort((a, b) => a - b);
            return [text + " on " + back, (high + 0.05) / (low + 0.05)];
        });
    }"""

    def test_light_dark_narrow(self):
        trace = self.record(APP)
        for scheme in ("light", "dark"):
            for width in (360, 1600):
                self.open(trace, colorScheme=scheme,
                          viewport={"width": width, "height": 700})
                back = self.browser.call(
                    "() => getComputedStyle(document.body).backgroundColor")
                self.assertEqual(back == "rgb(255, 255, 255)",
                                 scheme == "light")
                for pair, ratio in self.browser.call(self.CONTRAST):
                    self.assertGreaterEqual(ratio, 4.5, (scheme, pair))
                self.assertLessEqual(self.browser.call(
                    "() => document.documentElement.scrollWidth"), width)
                self.assert_no_problems()


if __name__ == "__main__":
    print("viztracer %s, python %s" % (VIZTRACER, PYTHON), file=sys.stderr)
    if CHROMIUM is None:
        print("SKIPPED: no chromium; tools/packages.sh test installs it")
        sys.exit(77)
    unittest.main()
