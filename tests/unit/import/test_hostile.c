// SPDX-License-Identifier: Apache-2.0
/* Files that mean no good: every one gives a trace or a message. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "imported.h"
#include "model/trace_model.h"
#include "support/failing_malloc.h"

static const char good[] =
    "{\"pid\":1,\"tid\":2,\"ts\":1,\"ph\":\"X\",\"dur\":1,\"name\":\"good\"}";

static void
fill(struct buffer *text, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(text, piece);
    }
}

/* The good event and this text behind it. */
static struct imported
import_behind_good(const char *before, const char *piece, size_t count,
                   const char *after)
{
    struct buffer text = {0};
    struct imported imported;

    buffer_append_format(&text, "[%s,%s", good, before);
    fill(&text, piece, count);
    buffer_append_text(&text, after);
    imported = imported_from(text.data, text.size, NULL);
    cr_assert(imported.model != NULL, "%s", imported.error.message);
    buffer_release(&text);
    return imported;
}

static uint64_t
call_count(const struct imported *imported)
{
    return trace_model_summary(imported->model).call_count;
}

Test(import_hostile, survives_nesting_without_end)
{
    struct imported imported =
        import_behind_good("{\"args\":", "[", 100000, "");

    cr_assert(eq(u64, call_count(&imported), 1));
    cr_assert(has_note(&imported, "cut short"));
    imported_release(&imported);
    imported = import_behind_good("", "{\"args\":[", 100000, "");
    cr_assert(eq(u64, call_count(&imported), 1));
    imported_release(&imported);
    imported = import_behind_good("", "[", 3000000, "");
    cr_assert(has_note(&imported, "less than a million nested values"));
    imported_release(&imported);
}

Test(import_hostile, takes_the_last_of_equal_keys)
{
    expect_import("[{\"ts\":5,\"ts\":7,\"pid\":1,\"tid\":2,\"ph\":\"i\","
                  "\"ph\":\"X\",\"dur\":9,\"dur\":1,\"name\":\"a\","
                  "\"name\":\"b\",\"args\":{\"x\":1},\"args\":null}]",
                  "process 1 pid 1\nthread 2 thread 2\n0 0+1000 b\n");
}

Test(import_hostile, cuts_names_and_arguments_that_are_far_too_long)
{
    struct imported imported = import_behind_good(
        "{\"ph\":\"X\",\"ts\":5,\"dur\":1,\"pid\":1,\"tid\":2,\"name\":\"",
        "0123456789", 1 << 20, "\"}]");

    cr_assert(eq(u64, call_count(&imported), 2));
    cr_assert(has_note(&imported, "1 name is longer than 64 KiB"));
    cr_assert(
        eq(sz, strlen(trace_model_function(imported.model, 1)->name), 65536));
    imported_release(&imported);
    imported = import_behind_good(
        "{\"ph\":\"X\",\"ts\":5,\"dur\":1,\"pid\":1,\"tid\":2,\"args\":[\"",
        "0123456789", 1 << 20, "\"],\"name\":\"f\"}]");
    cr_assert(eq(u64, call_count(&imported), 2));
    cr_assert(has_note(&imported, "arguments longer than 1 MiB"));
    imported_release(&imported);
}

Test(import_hostile, keeps_control_characters_in_names_as_data)
{
    struct imported imported = import_behind_good(
        "{\"ph\":\"X\",\"ts\":5,\"dur\":1,\"pid\":1,\"tid\":2,", "", 0,
        "\"name\":\"\\u001b[31m\x1b[2J\\u0000\"}]");

    cr_assert(eq(str, (char *)trace_model_function(imported.model, 1)->name,
                 "\x1b[31m\x1b[2J\xEF\xBF\xBD"));
    imported_release(&imported);
}

Test(import_hostile, gives_very_many_lanes_up_with_a_count)
{
    struct buffer text = {0};
    struct imported imported;

    buffer_append_text(&text, "[");
    for (int i = 0; i < 300; i++) {
        buffer_append_format(&text,
                             "%s{\"ph\":\"X\",\"ts\":%d,\"dur\":%d,\"pid\":1,"
                             "\"tid\":2,\"name\":\"f\"}",
                             i == 0 ? "" : ",", i * 10, 100000 + i);
    }
    buffer_append_text(&text, "]");
    imported = imported_from(text.data, text.size, NULL);
    cr_assert(eq(u64, call_count(&imported), 257));
    cr_assert(has_note(&imported, "43 calls overlap more than 256 others"));
    imported_release(&imported);
    buffer_release(&text);
}

Test(import_hostile, reads_a_gzip_bomb_through_a_small_window)
{
    struct buffer text = {0};
    struct imported imported;
    unsigned char *gzip;
    size_t size;

    buffer_append_format(&text, "[%s,{\"args\":\"", good);
    fill(&text, "################################", 1 << 20);
    buffer_append_format(&text, "\"},%s]", good);
    gzip = gzip_of(text.data, text.size, &size);
    buffer_release(&text);
    cr_assert(lt(sz, size, 100000));
    imported = imported_from(gzip, size, NULL);
    cr_assert(eq(u64, call_count(&imported), 2));
    imported_release(&imported);
    free(gzip);
}

static bool
stop_later(void *context, uint64_t done, uint64_t total)
{
    int *left = context;

    cr_assert(le(u64, done, total));
    return (*left)-- > 0;
}

/* Every report answers no once, with and without keeping what there is. */
Test(import_hostile, can_be_stopped_at_any_time)
{
    struct buffer text = {0};
    bool was_stopped = true;

    buffer_append_text(&text, "[");
    fill(&text, good, 1);
    for (int i = 0; i < 20000; i++) {
        buffer_append_format(&text, ",%s", good);
    }
    buffer_append_text(&text, "]");
    for (int reports = 0; was_stopped; reports++) {
        int left = reports;
        struct chrome_json_options options = {
            .progress = {.report = stop_later, .context = &left}};
        struct imported imported =
            imported_from(text.data, text.size, &options);
        uint64_t kept;

        was_stopped = imported.model == NULL;
        cr_assert(eq(int, imported.error.code,
                     was_stopped ? ERROR_CANCELLED : ERROR_NONE));
        imported_release(&imported);
        left = reports;
        options.keeps_when_stopped = true;
        imported = imported_from(text.data, text.size, &options);
        if (imported.model == NULL) {
            cr_assert(eq(int, imported.error.code, ERROR_CANCELLED));
            cr_assert(eq(int, reports, 0), "%s", imported.error.message);
            continue;
        }
        kept = call_count(&imported);
        cr_assert(eq(int, kept < 20001, has_note(&imported, "was stopped")));
        cr_assert(eq(int, imported.trace.was_stopped, kept < 20001));
        imported_release(&imported);
    }
    buffer_release(&text);
}

/* Import the file with the first allocation failing, the second, and so on. */
static void
fail_each_allocation(const char *path)
{
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct chrome_json_options options = {0};
        struct imported_trace trace;
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            return;
        }
        ok = chrome_json_import(&trace, path, &options, &err);
        has_failed = failing_malloc_disarm();
        if (ok) {
            cr_assert(not(has_failed), "allocation %u", successes);
            imported_trace_release(&trace);
        } else {
            cr_assert(eq(int, err.code, ERROR_NO_MEMORY), "allocation %u: %s",
                      successes, err.message);
        }
    }
}

Test(import_hostile, says_so_when_there_is_no_memory)
{
    static const char text[] =
        "{\"traceEvents\":[{\"pid\":1,\"tid\":2,\"ts\":1,\"ph\":\"X\","
        "\"dur\":9,\"name\":\"f (/w/a.py:3)\",\"args\":{\"a\":1}},"
        "{\"pid\":1,\"tid\":2,\"ts\":2,\"ph\":\"X\","
        "\"dur\":7,\"name\":\"f (/w/a.py:3)\",\"args\":{\"a\":[[1]]}},"
        "{\"ph\":\"B\",\"ts\":3,\"pid\":1,\"tid\":2,\"name\":\"g\"},"
        "{\"ph\":\"C\",\"ts\":4,\"pid\":1,\"tid\":2,\"name\":\"c\","
        "\"args\":{\"a\":1}},"
        "{\"ph\":\"i\",\"ts\":4,\"pid\":\"x\",\"name\":\"i\"},{}],"
        "\"file_info\":{\"files\":{\"/w/a.py\":[\"a\",0]}}}";
    char path[32];
    int fd = memfd_create("import", MFD_CLOEXEC);

    cr_assert(
        eq(sz, (size_t)write(fd, text, sizeof text - 1), sizeof text - 1));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    fail_each_allocation(path);
    (void)close(fd);
    fail_each_allocation(EVERY_KIND);
}
