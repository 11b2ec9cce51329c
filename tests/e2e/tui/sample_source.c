// SPDX-License-Identifier: Apache-2.0
/* Traces with the source of what they recorded. */
#include "e2e/tui/sample_source.h"

#include <stddef.h>

#include "support/trace_builder.h"

enum { US = 1000, MS = 1000000 };

static const char report[] =
    "\"\"\"The nightly report. build(None) is not called here.\"\"\"\n"
    "import json\n"
    "from time import perf_counter\n"
    "\n"
    "LIMIT = 10.0\n"
    "\n"
    "\n"
    "class Timer:\n"
    "    def __init__(self):\n"
    "        self.t0 = perf_counter()\n"
    "\n"
    "    @property\n"
    "    def elapsed(self):\n"
    "        return perf_counter() - self.t0\n"
    "\n"
    "\n"
    "def build(rows, fmt=\"html\"):\n"
    "    \"\"\"Build the nightly report.\"\"\"\n"
    "    t = Timer()\n"
    "    groups = aggregate(rows, key=lambda row: (row.region, row.day))\n"
    "    if fmt == \"json\":\n"
    "        return to_json(groups)\n"
    "    body = to_json(groups)\n"
    "    if t.elapsed > LIMIT:\n"
    "        log.warning(\"slow report %s\", t)  # log.info(t) was too much\n"
    "    return wrap(body, fmt), wrap(key(body), fmt)\n"
    "\n"
    "\n"
    "@profiled\n"
    "def aggregate(rows, key):\n"
    "    out = {}\n"
    "    for g, it in groupby(rows, key):\n"
    "        out[g] = sum_rows(it)\n"
    "    return out\n"
    "\n"
    "\n"
    "def to_json(groups):\n"
    "\treturn json.dumps(groups, default=str, ensure_ascii=False)\t# "
    "\xe6\xbc\xa2"
    "\xe5\xad\x97, a very long line that goes on behind the right edge\n"
    "\n"
    "\n"
    "def wrap(body, fmt):\n"
    "    return TEMPLATES[fmt].format(body=body)\n"
    "\n"
    "\n"
    "def sum_rows(rows):\n"
    "    return sum(row.total for row in rows)\n"
    "\n"
    "\n"
    "build([])\n";

struct report_functions {
    uint32_t module, build, timer, elapsed, aggregate, key, groupby, sum_rows;
    uint32_t sum, row, to_json, dumps, wrap, other_wrap, clock;
};

static struct report_functions
define(struct trace_builder *b)
{
    const char *file = "/srv/app/report.py";

    trace_builder_source(b, file, report);
    return (struct report_functions){
        .module = trace_builder_function(b, "<module>", file, 1),
        .build = trace_builder_function(b, "build", file, 17),
        .timer = trace_builder_function(b, "Timer.__init__", file, 9),
        .elapsed = trace_builder_function(b, "Timer.elapsed", file, 12),
        .aggregate = trace_builder_function(b, "aggregate", file, 29),
        .key = trace_builder_function(b, "build.<locals>.<lambda>", file, 20),
        .groupby = trace_builder_function(b, "groupby", "/srv/app/rows.py", 7),
        .sum_rows = trace_builder_function(b, "sum_rows", file, 45),
        .sum = trace_builder_function(b, "builtins.sum", NULL, 0),
        .row =
            trace_builder_function(b, "sum_rows.<locals>.<genexpr>", file, 46),
        .to_json = trace_builder_function(b, "to_json", file, 37),
        .dumps = trace_builder_function(
            b, "dumps", "/usr/lib/python3.12/json/__init__.py", 183),
        .wrap = trace_builder_function(b, "wrap", file, 41),
        .other_wrap = trace_builder_function(b, "wrap", "/srv/app/text.py", 12),
        .clock = trace_builder_function(b, "time.perf_counter", NULL, 0),
    };
}

/* Calls from left to right. */
struct tape {
    struct trace_builder *builder;
    uint32_t thread;
    uint64_t now_ns;
};

static void
open_call(struct tape *tape, uint32_t function)
{
    tape->now_ns += 20 * US;
    trace_builder_call(tape->builder, tape->thread, function, tape->now_ns);
}

static void
close_call(struct tape *tape, uint32_t function, uint64_t after_ns)
{
    tape->now_ns += after_ns;
    trace_builder_return(tape->builder, tape->thread, function, tape->now_ns);
}

static void
call(struct tape *tape, uint32_t function, uint64_t duration_ns)
{
    open_call(tape, function);
    close_call(tape, function, duration_ns);
}

static void
run_build(struct tape *tape, const struct report_functions *f, unsigned number)
{
    trace_builder_call_with(tape->builder, tape->thread, f->build,
                            "{\"func_args\": {\"rows\": \"<list len=18231>\", "
                            "\"fmt\": \"html\"}}",
                            tape->now_ns += 30 * US);
    open_call(tape, f->timer);
    call(tape, f->clock, 1 * US);
    close_call(tape, f->timer, 2 * US);
    open_call(tape, f->aggregate);
    for (unsigned i = 0; i < 3; i++) {
        call(tape, f->groupby, 400 * US);
        call(tape, f->key, 3 * US);
        open_call(tape, f->sum_rows);
        open_call(tape, f->sum);
        call(tape, f->row, 90 * US);
        close_call(tape, f->sum, 10 * US);
        close_call(tape, f->sum_rows, 5 * US);
    }
    close_call(tape, f->aggregate, number * 100 * US);
    open_call(tape, f->to_json);
    call(tape, f->dumps, 3 * MS);
    close_call(tape, f->to_json, 40 * US);
    call(tape, f->elapsed, 2 * US);
    call(tape, f->wrap, 150 * US);
    call(tape, f->other_wrap, 50 * US);
    close_call(tape, f->build, 300 * US);
}

void
sample_source_write(struct trace_builder *b)
{
    struct report_functions f = define(b);
    struct tape tape = {b, trace_builder_thread(b, "MainThread"), 0};

    open_call(&tape, f.module);
    for (unsigned i = 0; i < 4; i++) {
        run_build(&tape, &f, i);
    }
    close_call(&tape, f.module, 1 * MS);
}

/* Everything that a text may be but a terminal must not get. */
void
sample_hostile_source_write(struct trace_builder *b)
{
    static const char text[] =
        "# \x1b]0;owned\x07 \x1b[2J \xc2\x9b"
        "31m\r\n"
        "def \xff\xfe():\r"
        "\tpass # \xe2\x80\xae"
        "desrever \xe2\x80\x8b zero width\n"
        "\fdef f(): # form feed, e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\n"
        "    '''f(x\n"
        "    g(\x01\x02) \xe6\xbc\xa2\xe5\xad\x97 '''\n"
        "    g(x) (g)(x) g (x) \xf0\x9f\x92\xa9(x)\n"
        "def \x1b[31mred():\n"
        "((((((((((((((((\n"
        "def g():\n"
        "    f(";
    const char *file = "/srv/\x1b[31mevil.py";
    struct tape tape = {b, trace_builder_thread(b, "MainThread"), 0};
    uint32_t f = trace_builder_function(b, "f", file, 4);
    uint32_t g = trace_builder_function(b, "g", file, 10);
    uint32_t beyond = trace_builder_function(b, "beyond\x1b[0m", file, 4000);

    trace_builder_source(b, file, text);
    open_call(&tape, f);
    call(&tape, g, 1 * MS);
    call(&tape, beyond, 1 * MS);
    close_call(&tape, f, 1 * MS);
}
