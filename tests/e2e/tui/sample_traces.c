// SPDX-License-Identifier: Apache-2.0
#include "e2e/tui/sample_traces.h"

#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "e2e/tui/sample_flows.h"
#include "e2e/tui/sample_source.h"
#include "support/trace_builder.h"

enum { US = 1000, MS = 1000000 };

/* A thread that is written from left to right. */
struct pen {
    struct trace_builder *builder;
    uint32_t thread;
    uint64_t now_ns;
};

static void
enter(struct pen *pen, uint32_t function, uint64_t after_ns)
{
    pen->now_ns += after_ns;
    trace_builder_call(pen->builder, pen->thread, function, pen->now_ns);
}

static void
leave(struct pen *pen, uint32_t function, uint64_t after_ns)
{
    pen->now_ns += after_ns;
    trace_builder_return(pen->builder, pen->thread, function, pen->now_ns);
}

/* A call without callees: a pause, then its duration. */
static void
leaf(struct pen *pen, uint32_t function, uint64_t after_ns,
     uint64_t duration_ns)
{
    enter(pen, function, after_ns);
    leave(pen, function, duration_ns);
}

struct server {
    uint32_t module, run, once, handle, request, match, load, flush, report;
    uint32_t aggregate, row, to_json, render, work, query, receive, fetch;
    uint32_t make, inflate, resize;
};

static struct server
define_server(struct trace_builder *b)
{
    const char *loop = "/usr/lib/python3.12/asyncio/base_events.py";

    return (struct server){
        .module = trace_builder_function(b, "<module>", "/srv/app.py", 1),
        .run =
            trace_builder_function(b, "BaseEventLoop.run_forever", loop, 612),
        .once =
            trace_builder_function(b, "BaseEventLoop._run_once", loop, 1890),
        .handle = trace_builder_function(
            b, "Handle._run", "/usr/lib/python3.12/asyncio/events.py", 80),
        .request = trace_builder_function(b, "Server.handle_request",
                                          "/srv/app/server.py", 41),
        .match =
            trace_builder_function(b, "Router.match", "/srv/app/router.py", 17),
        .load = trace_builder_function(b, "json.loads", NULL, 0),
        .flush =
            trace_builder_function(b, "Writer.flush", "/srv/app/writer.py", 9),
        .report =
            trace_builder_function(b, "report.build", "/srv/app/report.py", 88),
        .aggregate =
            trace_builder_function(b, "aggregate", "/srv/app/report.py", 120),
        .row =
            trace_builder_function(b, "Row.total", "/srv/app/report.py", 150),
        .to_json =
            trace_builder_function(b, "to_json", "/srv/app/report.py", 201),
        .render = trace_builder_function(b, "Template.render",
                                         "/srv/app/template.py", 33),
        .work = trace_builder_function(
            b, "_WorkItem.run",
            "/usr/lib/python3.12/concurrent/futures/thread.py", 53),
        .query = trace_builder_function(b, "db.query", "/srv/app/db.py", 12),
        .receive = trace_builder_function(b, "socket.recv_into", NULL, 0),
        .fetch =
            trace_builder_function(b, "Cursor.fetchall", "/srv/app/db.py", 60),
        .make = trace_builder_function(b, "thumbnail.make",
                                       "/srv/app/thumbnail.py", 5),
        .inflate = trace_builder_function(b, "zlib.decompress", NULL, 0),
        .resize = trace_builder_function(b, "Image.resize",
                                         "/srv/app/thumbnail.py", 44),
    };
}

static void
serve_small(struct pen *pen, const struct server *s, uint64_t scale)
{
    enter(pen, s->handle, 200 * US);
    enter(pen, s->request, 100 * US);
    enter(pen, s->match, 50 * US);
    leaf(pen, s->load, 100 * US, 20 * US * scale);
    leave(pen, s->match, 300 * US);
    leave(pen, s->request, 60 * US * scale);
    leaf(pen, s->flush, 50 * US, 400 * US * scale);
    leave(pen, s->handle, 80 * US);
}

static void
serve_report(struct pen *pen, const struct server *s)
{
    enter(pen, s->handle, 300 * US);
    enter(pen, s->request, 150 * US);
    leaf(pen, s->match, 80 * US, 700 * US);
    enter(pen, s->report, 10 * US);
    enter(pen, s->aggregate, 900 * US);
    for (unsigned i = 0; i < 60; i++) {
        leaf(pen, s->row, 20 * US, (40 + i * 37 % 90) * US);
    }
    leave(pen, s->aggregate, 200 * US);
    leaf(pen, s->to_json, 600 * US, 3 * MS);
    leave(pen, s->report, 100 * US);
    leaf(pen, s->render, 400 * US, 2 * MS);
    leave(pen, s->request, 300 * US);
    leave(pen, s->handle, 50 * US);
}

static void
draw_main(struct pen *pen, const struct server *s)
{
    enter(pen, s->module, 0);
    enter(pen, s->run, 400 * US);
    for (unsigned i = 0; i < 3; i++) {
        enter(pen, s->once, 300 * US);
        serve_small(pen, s, 6 + i);
        leave(pen, s->once, 100 * US);
    }
    enter(pen, s->once, 1 * MS);
    trace_builder_instant(pen->builder, pen->thread, "gc gen0", NULL,
                          pen->now_ns + 100 * US);
    serve_report(pen, s);
    trace_builder_instant(pen->builder, pen->thread, "slow request",
                          "{\"path\": \"/report\", \"ms\": 17}",
                          pen->now_ns + 40 * US);
    leave(pen, s->once, 100 * US);
    enter(pen, s->once, 2 * MS);
    serve_small(pen, s, 9);
    leave(pen, s->once, 400 * US);
    leave(pen, s->run, 500 * US);
    leave(pen, s->module, 100 * US);
}

static void
draw_pool(struct trace_builder *b, const struct server *s)
{
    struct pen first = {b, trace_builder_thread(b, "Pool-0_0"), 2 * MS};
    struct pen second = {b, trace_builder_thread(b, "Pool-0_1"), 14 * MS};

    enter(&first, s->work, 0);
    enter(&first, s->query, 200 * US);
    leaf(&first, s->receive, 400 * US, 5 * MS);
    leaf(&first, s->fetch, 900 * US, 8 * MS);
    leave(&first, s->query, 600 * US);
    leave(&first, s->work, 200 * US);
    for (unsigned i = 0; i < 200; i++) {
        leaf(&first, s->receive, (i * 71 % 40 + 4) * US, 30 * US);
    }
    enter(&second, s->work, 0);
    enter(&second, s->make, 500 * US);
    leaf(&second, s->inflate, 300 * US, 9 * MS);
    leaf(&second, s->resize, 1 * MS, 7 * MS);
    leave(&second, s->make, 400 * US);
    leave(&second, s->work, 300 * US);
}

static void
draw_counters(struct trace_builder *b, uint32_t thread)
{
    /* Counters are logged by a thread of their own, so that its events come
     * in order. */
    for (unsigned i = 0; i < 60; i++) {
        uint64_t now = (i * 700 + 200) * (uint64_t)US;

        trace_builder_counter(b, thread, "rss", "MB", 140 + i + i / 7 % 3 * 4,
                              now);
        trace_builder_counter(b, thread, "queue", "queue", (i * 5 + i / 9) % 17,
                              now + 10);
    }
}

static void
write_app(struct trace_builder *b)
{
    struct server s = define_server(b);
    struct pen pen = {b, 0, 0};

    trace_builder_event_cost(b, 14300);
    trace_builder_status(b, (struct vzt_status){.state = VZT_STATE_ENDED,
                                                .flush_ticks = 210 * US});
    pen.thread = trace_builder_thread(b, "MainThread");

    draw_main(&pen, &s);
    draw_pool(b, &s);
    draw_counters(b, trace_builder_thread(b, "sampler"));
}

static void
write_processes(struct trace_builder *b)
{
    struct server s = define_server(b);
    struct pen pen = {b, trace_builder_thread(b, "MainThread"), 0};

    draw_main(&pen, &s);
    trace_builder_process(b, "worker-1", 4243, TRACE_BUILDER_PID);
    pen = (struct pen){b, trace_builder_thread(b, "MainThread"), 6 * MS};
    enter(&pen, s.work, 0);
    for (unsigned i = 0; i < 30; i++) {
        enter(&pen, s.query, 100 * US);
        leaf(&pen, s.fetch, 50 * US, (i * 53 % 7 + 1) * 60 * US);
        leave(&pen, s.query, 30 * US);
    }
    enter(&pen, s.make, 200 * US);
    leaf(&pen, s.inflate, 100 * US, 2 * MS);
    trace_builder_status(b, (struct vzt_status){.state = VZT_STATE_RECORDING,
                                                .exit_kind = VZT_EXIT_SIGNAL,
                                                .exit_value = SIGKILL});
    trace_builder_process(b, "worker-2", 4244, TRACE_BUILDER_PID);
    pen = (struct pen){b, trace_builder_thread(b, "MainThread"), 9 * MS};
    enter(&pen, s.work, 0);
    leaf(&pen, s.inflate, 300 * US, 4 * MS);
    leave(&pen, s.work, 100 * US);
    pen.now_ns += 6 * MS;
    trace_builder_gap(b, pen.thread, VZT_GAP_SLOT_TAKEN, pen.now_ns - 5 * MS,
                      pen.now_ns, 1200);
    leaf(&pen, s.resize, 1 * MS, 5 * MS);
}

static void
write_deep(struct trace_builder *b)
{
    uint32_t walk = trace_builder_function(b, "Tree.walk", "/srv/tree.py", 4);
    uint32_t visit = trace_builder_function(b, "Tree.visit", "/srv/tree.py", 9);
    struct pen pen = {b, trace_builder_thread(b, "MainThread"), 0};
    struct pen busy = {b, trace_builder_thread(b, "busy"), 1 * MS};

    for (unsigned i = 0; i < 200; i++) {
        enter(&pen, walk, 10 * US);
        enter(&pen, visit, 5 * US);
    }
    for (unsigned i = 0; i < 200; i++) {
        leave(&pen, visit, 10 * US);
        leave(&pen, walk, 20 * US);
    }
    for (unsigned i = 0; i < 3000; i++) {
        leaf(&busy, i % 3 == 0 ? walk : visit, i * i % 700 + 50,
             i * 7 % 900 + 10);
    }
    pen = (struct pen){b, trace_builder_thread(b, "idle"), 4 * MS};
    leaf(&pen, visit, 0, 3 * US);
}

static void
write_odd(struct trace_builder *b)
{
    static const char *const names[] = {"\x1b]0;owned\x07",
                                        "漢字.処理する",
                                        "cafe\xcc\x81.e\xcc\x81te\xcc\x81",
                                        "\xff\xfe broken",
                                        "a\xe2\x80\xae"
                                        "b",
                                        "line\nbreak"};
    static char long_name[3000];
    struct pen pen = {b,
                      trace_builder_thread(b, "thr\xc3\xa9"
                                              "ad \x1b[7m漢"),
                      0};
    uint32_t outer;

    memset(long_name, 'x', sizeof long_name - 1);
    outer = trace_builder_function(b, long_name, "/srv/\x1b[1m.py", 1);
    enter(&pen, outer, 0);
    for (unsigned i = 0; i < 18; i++) {
        uint32_t function = trace_builder_function(
            b, names[i % (sizeof names / sizeof names[0])], "/s/漢.py", i + 1);

        leaf(&pen, function, 30 * US, (i % 6 + 1) * 90 * US);
    }
    trace_builder_instant(b, pen.thread, "tick\x1b[2J", "{\"漢\": 1}",
                          pen.now_ns + 10);
    for (unsigned i = 0; i < 14; i++) {
        trace_builder_instant(b, pen.thread, "burst", NULL,
                              pen.now_ns + 100 * US + i);
    }
    trace_builder_counter(b, pen.thread, "odd", "nan", NAN,
                          pen.now_ns + 101 * US);
    trace_builder_counter(b, pen.thread, "odd", "nan", INFINITY,
                          pen.now_ns + 200 * US);
    trace_builder_counter(b, pen.thread, "odd", "nan", -4,
                          pen.now_ns + 300 * US);
    trace_builder_counter(b, pen.thread, "odd", "nan", 9,
                          pen.now_ns + 400 * US);
    pen.now_ns += 900 * US; /* outer never returns */
    leaf(&pen, outer, 0, 10 * US);
}

static void
write_many(struct trace_builder *b)
{
    uint32_t run = trace_builder_function(b, "Worker.run", "/srv/worker.py", 8);
    uint32_t step = trace_builder_function(b, "step", "/srv/worker.py", 20);

    for (unsigned i = 0; i < 40; i++) {
        char name[] = "worker-00";
        struct pen pen = {b, 0, i * 150 * (uint64_t)US};

        name[7] = (char)('0' + i / 10);
        name[8] = (char)('0' + i % 10);
        pen.thread = trace_builder_thread(b, name);
        enter(&pen, run, 0);
        for (unsigned j = 0; j < 8; j++) {
            leaf(&pen, step, (i * j % 5 + 1) * 100 * US, 200 * US);
        }
        leave(&pen, run, 100 * US);
    }
}

/* What is printed and logged, variables that hold text, recording paused. */
static void
write_log(struct trace_builder *b)
{
    uint32_t serve = trace_builder_function(b, "serve", "/srv/app.py", 3);
    uint32_t answer = trace_builder_function(b, "answer", "/srv/app.py", 9);
    struct pen pen = {b, trace_builder_thread(b, "MainThread"), 0};

    enter(&pen, serve, 0);
    leaf(&pen, answer, 1 * MS, 3 * MS);
    trace_builder_instant(b, pen.thread, "print - GET /users/17\n", NULL,
                          pen.now_ns + 10 * US);
    trace_builder_instant(b, pen.thread, "state",
                          "{\"value\": \"it is \\\"warm\\\"\"}",
                          pen.now_ns + 5 * MS);
    trace_builder_instant(b, pen.thread, "cache", "{\"value\": 17}",
                          pen.now_ns + 6 * MS);
    leaf(&pen, answer, 9 * MS, 2 * MS);
    trace_builder_instant(b, pen.thread,
                          "logging - WARN slow \x1b[31mreport 13.6 ms", NULL,
                          pen.now_ns + 1 * MS);
    pen.now_ns += 12 * MS;
    leave(&pen, serve, 0);
    trace_builder_gap(b, pen.thread, VZT_GAP_PAUSED, pen.now_ns + 1 * MS,
                      pen.now_ns + 9 * MS, 0);
    pen.now_ns += 10 * MS;
    leaf(&pen, serve, 0, 4 * MS);
    trace_builder_object(b, pen.thread, VZT_OBJECT_CREATED, "1", "Session",
                         NULL, pen.now_ns + 1 * MS);
}

static void
write_pool(struct trace_builder *b)
{
    static const char *const names[] = {
        "MainThread",
        "ThreadPoolExecutor-0_0",
        "ThreadPoolExecutor-0_1",
        "ThreadPoolExecutor-12_10",
        "Thread-1 (_handle_workers)",
        "Thread-2 (_handle_tasks)",
        "connection-monitor",
    };
    uint32_t run = trace_builder_function(b, "work", "/srv/pool.py", 8);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pen pen = {b, trace_builder_thread(b, names[i]), i * MS};

        leaf(&pen, run, 0, 2 * MS);
    }
}

static void
write_args(struct trace_builder *b)
{
    static const char *const args[] = {
        "{\"func_args\": {\"rows\": \"<list len=18231>\", \"fmt\": \"html\", "
        "\"options\": {\"title\": \"Third quarter\", \"wide\": true, "
        "\"columns\": [\"name\", \"total\", \"share\"]}}, \"return_value\": "
        "\"<Report 18231 rows>\"}",
        "{\"who\": \"\x1b]0;owned\x07\", \"\\u6f22\": \"\\u5b57 \xff\"}",
        "{\"cut\": [1, 2, {\"never",
    };
    static const char *const keys[] = {"used", "free"};
    uint32_t main = trace_builder_function(b, "main", "/srv/main.py", 3);
    uint32_t report =
        trace_builder_function(b, "report.build", "/srv/app/report.py", 88);
    struct pen pen = {b, trace_builder_thread(b, "MainThread"), 0};
    struct pen other = {b, trace_builder_thread(b, "loader"), 2 * MS};

    enter(&pen, main, 0);
    for (unsigned i = 0; i < 12; i++) {
        pen.now_ns += 300 * US;
        trace_builder_call_with(b, pen.thread, report, args[i % 3], pen.now_ns);
        leave(&pen, report, (i * i * 41 % 97 + 3) * 11 * US);
    }
    trace_builder_scoped_instant(b, pen.thread, VZT_SCOPE_GLOBAL, "deployed",
                                 "{\"version\": \"1.4.2\", \"by\": \"ci\"}",
                                 pen.now_ns + 200 * US);
    trace_builder_scoped_instant(b, pen.thread, VZT_SCOPE_PROCESS, "reload",
                                 NULL, pen.now_ns + 700 * US);
    leave(&pen, main, 1 * MS);
    enter(&other, main, 0);
    trace_builder_instant(b, other.thread, "miss", "{\"key\": 17}",
                          other.now_ns + 100 * US);
    for (unsigned i = 0; i < 10; i++) {
        const double values[] = {100 + i / 3 * 8, 900 - i * 4};

        trace_builder_counter_pair(b, other.thread, "memory", keys, values,
                                   other.now_ns + (i + 1) * 400 * US);
    }
    leave(&other, main, 5 * MS);
}

static void
write_objects(struct trace_builder *b)
{
    uint32_t main = trace_builder_function(b, "main", "/srv/shop.py", 3);
    struct pen pen = {b, trace_builder_thread(b, "MainThread"), 0};
    struct pen other = {b, trace_builder_thread(b, "worker"), 0};

    enter(&pen, main, 0);
    enter(&other, main, 1 * MS);
    trace_builder_object(b, pen.thread, VZT_OBJECT_CREATED, "140245",
                         "<class 'shop.Cart'>", NULL, pen.now_ns + 1 * MS);
    trace_builder_object(
        b, pen.thread, VZT_OBJECT_SNAPSHOT, "140245", "<class 'shop.Cart'>",
        "{\"snapshot\": {\"total\": 12.5, \"items\": \"['tea', 'cup']\"}}",
        pen.now_ns + 4 * MS);
    trace_builder_instant(b, pen.thread, "paid", NULL, pen.now_ns + 7 * MS);
    trace_builder_object(b, pen.thread, VZT_OBJECT_DELETED, "140245",
                         "<class 'shop.Cart'>", NULL, pen.now_ns + 9 * MS);
    trace_builder_object(b, other.thread, VZT_OBJECT_CREATED, "7\x1b[2J",
                         "queue\x1b]0;x\x07", NULL, other.now_ns + 5 * MS);
    trace_builder_object(b, other.thread, VZT_OBJECT_SNAPSHOT, "7\x1b[2J",
                         "queue\x1b]0;x\x07", "{\"snapshot\": {\"len",
                         other.now_ns + 5 * MS + 10 * US);
    leave(&pen, main, 11 * MS);
    leave(&other, main, 9 * MS);
}

static void
write_empty(struct trace_builder *b)
{
    (void)trace_builder_thread(b, "MainThread");
}

char *
sample_trace_write(const char *name, const char *folder)
{
    static const struct {
        const char *name;
        void (*write)(struct trace_builder *);
    } samples[] = {
        {"app", write_app},
        {"processes", write_processes},
        {"deep", write_deep},
        {"odd", write_odd},
        {"many", write_many},
        {"log", write_log},
        {"pool", write_pool},
        {"empty", write_empty},
        {"args", write_args},
        {"objects", write_objects},
        {"flows", sample_flows_write},
        {"async", sample_async_write},
        {"source", sample_source_write},
        {"hostile-source", sample_hostile_source_write},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (strcmp(samples[i].name, name) == 0) {
            struct trace_builder *builder = trace_builder_new(folder);

            samples[i].write(builder);
            return trace_builder_finish(builder);
        }
    }
    return NULL;
}
