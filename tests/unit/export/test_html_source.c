// SPDX-License-Identifier: Apache-2.0
/* The source text in a page. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "export/html_source.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "unit/export/page_data.h"
#include "unit/export/report_file.h"

static char *folder;
static char *output;

static void
set_up(void)
{
    folder = temporary_folder_make();
    output = temporary_folder_file(folder, "output.html");
}

static void
tear_down(void)
{
    free(output);
    temporary_folder_remove(folder);
}

TestSuite(html_source, .init = set_up, .fini = tear_down);

enum { LINES = 200 };

static void
write_line(char line[32], unsigned number, const char *file)
{
    (void)snprintf(line, 32, "%s %u \xC3\xA4\n", file, number);
}

static void
add_source(struct trace_builder *builder, const char *path)
{
    struct buffer text = {0};
    char line[32];

    for (unsigned i = 1; i <= LINES; i++) {
        write_line(line, i, path);
        buffer_append_text(&text, line);
    }
    trace_builder_source(builder, path, text.data);
    buffer_release(&text);
}

static uint32_t
add_function(struct trace_builder *builder, uint32_t thread, const char *file,
             unsigned line, uint64_t start_ns, uint64_t end_ns)
{
    char name[32];
    uint32_t function;

    (void)snprintf(name, sizeof name, "f%u", line);
    function = trace_builder_function(builder, name, file, line);
    if (end_ns > 0) {
        trace_builder_call(builder, thread, function, start_ns);
        trace_builder_return(builder, thread, function, end_ns);
    }
    return function;
}

/* Two files, of which b.py took longer; a function of c.py was not called, and
 * that of d.py lies behind the text. */
static char *
make_sources(void)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "main");

    add_source(builder, "a.py");
    add_source(builder, "b.py");
    add_source(builder, "c.py");
    add_source(builder, "d.py");
    add_function(builder, thread, "a.py", 2, 100, 200);
    add_function(builder, thread, "a.py", 190, 300, 400);
    add_function(builder, thread, "b.py", 100, 500, 5000);
    add_function(builder, thread, "b.py", 60, 5000, 6000);
    add_function(builder, thread, "c.py", 7, 0, 0);
    add_function(builder, thread, "d.py", LINES + 9, 6000, 7000);
    add_function(builder, thread, "e.py", 1, 7000, 8000);
    return trace_builder_finish(builder);
}

static void
skip_to_source(struct page *page)
{
    static struct page_call calls[CALLS_MAX];

    cr_assert(eq(sz, read_track(page, calls), 6));
    for (unsigned i = 0; i < 3; i++) { /* cut, instants, counters */
        cr_assert(eq(u64, next_number(page), 0));
    }
    expect_flame(page);
}

static void
expect_file(struct page *page, const char *path, unsigned pieces)
{
    size_t size;
    const char *text = next_text(page, &size);

    cr_assert(eq(sz, size, strlen(path)));
    cr_assert(eq(int, memcmp(text, path, size), 0));
    cr_assert(eq(u64, next_number(page), pieces));
}

/* The lines from first up to last. */
static void
expect_piece(struct page *page, const char *path, unsigned first, unsigned last)
{
    struct buffer wanted = {0};
    const char *text;
    size_t size;

    for (unsigned i = first; i <= last; i++) {
        char line[32];

        write_line(line, i, path);
        buffer_append_text(&wanted, line);
    }
    cr_assert(eq(u64, next_number(page), first));
    text = next_text(page, &size);
    cr_assert(eq(sz, size, wanted.size));
    cr_assert(eq(int, memcmp(text, wanted.data, size), 0));
    buffer_release(&wanted);
}

Test(html_source, has_the_lines_around_definitions)
{
    char *trace = make_sources();
    struct page page;

    report_write(trace, output);
    open_page(&page, output);
    skip_to_source(&page);
    cr_assert(eq(u64, next_number(&page), 0));
    cr_assert(eq(u64, next_number(&page), 2));
    expect_file(&page, "b.py", 1);
    expect_piece(&page, "b.py", 60 - HTML_SOURCE_BEFORE,
                 100 + HTML_SOURCE_AFTER - 1);
    expect_file(&page, "a.py", 2);
    expect_piece(&page, "a.py", 1, 2 + HTML_SOURCE_AFTER - 1);
    expect_piece(&page, "a.py", 190 - HTML_SOURCE_BEFORE, LINES);
    expect_no_flows(&page);
    close_page(&page);
    free(trace);
}

Test(html_source, has_no_source_when_it_is_not_wanted)
{
    const struct export_options options = {.has_file_info = false};
    char *trace = make_sources();
    struct trace_model *model = report_open_model(trace);
    struct error err = {0};
    struct page page;

    cr_assert(export_trace(model, output, &options, &err));
    open_page(&page, output);
    skip_to_source(&page);
    expect_no_source(&page);
    cr_assert(eq(dbl, summary_number(&page, "wantsSource"), 0));
    cr_assert(eq(dbl, summary_number(&page, "sources"), 4));
    close_page(&page);
    trace_model_close(model);
    free(trace);
}

Test(html_source, leaves_out_files_that_there_is_no_room_for)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "main");
    char *line = malloc(HTML_SOURCE_SIZE_MAX + 1);
    struct page page;
    char *trace;

    cr_assert(line != NULL);
    memset(line, 'x', HTML_SOURCE_SIZE_MAX);
    line[HTML_SOURCE_SIZE_MAX] = '\0';
    trace_builder_source(builder, "a.py", line);
    trace_builder_source(builder, "b.py", "small\n");
    for (unsigned i = 0; i < 6; i++) {
        add_function(builder, thread, i == 0 ? "a.py" : "b.py", 1,
                     100 + 100 * i, 150 + 100 * i);
    }
    free(line);
    trace = trace_builder_finish(builder);
    report_write(trace, output);
    open_page(&page, output);
    skip_to_source(&page);
    cr_assert(eq(u64, next_number(&page), 1));
    cr_assert(eq(u64, next_number(&page), 1));
    expect_file(&page, "b.py", 1);
    close_page(&page);
    free(trace);
}
