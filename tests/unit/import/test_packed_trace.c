// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/error.h"
#include "format/layout.h"
#include "import/chrome_json.h"
#include "import/packed_trace.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"

enum { TEXT_SIZE = 700000 }; /* more than is inflated at once */

static char *folder;
static char *path;
static char *text; /* begins as a trace does */

static void
write_packed(const char *bytes, size_t size)
{
    gzFile file = gzopen(path, "wb1");

    cr_assert(file != NULL);
    cr_assert(eq(int, gzwrite(file, bytes, (unsigned)size), (int)size));
    cr_assert(eq(int, gzclose(file), Z_OK));
}

static void
set_up(void)
{
    uint32_t random = 1;

    folder = temporary_folder_make();
    path = temporary_folder_file(folder, "trace.vzt.gz");
    text = malloc(TEXT_SIZE);
    cr_assert(text != NULL);
    for (size_t i = 0; i < TEXT_SIZE; i++) {
        random = random * 1664525 + 1013904223;
        text[i] = (char)(random >> 30);
    }
    memcpy(text, VZT_SECTION_MAGIC, VZT_SECTION_MAGIC_SIZE);
    write_packed(text, TEXT_SIZE);
}

static void
tear_down(void)
{
    free(text);
    free(path);
    temporary_folder_remove(folder);
}

TestSuite(packed_trace, .init = set_up, .fini = tear_down);

/* Whether what was unpacked is the beginning of the text; its size. */
static size_t
check_text(const struct imported_trace *trace)
{
    char *got = malloc(TEXT_SIZE + 1);
    int fd = open(trace->path, O_RDONLY | O_CLOEXEC);
    ssize_t size;

    cr_assert(got != NULL && fd >= 0);
    size = read(fd, got, TEXT_SIZE + 1);
    cr_assert(size >= 0);
    cr_assert(memcmp(got, text, (size_t)size) == 0);
    (void)close(fd);
    free(got);
    return (size_t)size;
}

static bool
open_packed(struct imported_trace *trace, struct error *err)
{
    const struct chrome_json_options options = {0};

    return packed_trace_open(trace, path, &options, err);
}

Test(packed_trace, is_what_was_compressed)
{
    struct imported_trace trace = {.fd = -1};
    struct error err = {0};

    cr_assert(packed_trace_has_magic(path));
    cr_assert(open_packed(&trace, &err), "%s", err.message);
    cr_assert(eq(sz, check_text(&trace), TEXT_SIZE));
    cr_assert(eq(sz, trace.note_count, 0));
    imported_trace_release(&trace);
}

Test(packed_trace, is_known_by_what_is_in_it)
{
    write_packed("{\"traceEvents\":[]}", 18);
    cr_assert(not(packed_trace_has_magic(path)));
    write_packed(text, VZT_SECTION_MAGIC_SIZE - 1);
    cr_assert(not(packed_trace_has_magic(path)));
    cr_assert(not(packed_trace_has_magic(folder)));
    cr_assert(not(packed_trace_has_magic("/no/such/file")));
}

Test(packed_trace, that_is_cut_gives_what_it_has)
{
    size_t before = 0;

    for (off_t size = 60000; size > 0; size -= 5431) {
        struct imported_trace trace = {.fd = -1};
        struct error err = {0};
        size_t got;

        cr_assert(eq(int, truncate(path, size), 0));
        cr_assert(open_packed(&trace, &err), "%s", err.message);
        got = check_text(&trace);
        cr_assert(got < TEXT_SIZE && (before == 0 || got < before));
        cr_assert(eq(sz, trace.note_count, 1));
        cr_assert(strstr(trace.notes[0], "trace.vzt.gz: its compressed data")
                  != NULL);
        before = got;
        imported_trace_release(&trace);
    }
}

static bool
stop(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done > total;
}

Test(packed_trace, stops_when_it_is_told_to)
{
    struct chrome_json_options options = {.progress = {.report = stop}};
    struct imported_trace trace = {.fd = -1};
    struct error err = {0};

    cr_assert(not(packed_trace_open(&trace, path, &options, &err)));
    cr_assert(eq(int, (int)err.code, ERROR_CANCELLED));
    err = (struct error){0};
    options.keeps_when_stopped = true;
    cr_assert(packed_trace_open(&trace, path, &options, &err));
    cr_assert(check_text(&trace) < TEXT_SIZE);
    cr_assert(trace.was_stopped);
    cr_assert(eq(sz, trace.note_count, 1));
    imported_trace_release(&trace);
}

Test(packed_trace, fails_cleanly_at_every_allocation)
{
    bool has_failed = true;

    cr_assert(eq(int, truncate(path, 5000), 0)); /* so that there is a note */
    for (unsigned successes = 0; has_failed; successes++) {
        struct imported_trace trace = {.fd = -1};
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            return;
        }
        ok = open_packed(&trace, &err);
        has_failed = failing_malloc_disarm();
        cr_assert(ok || has_failed);
        cr_assert(eq(int, err.code == ERROR_NONE, ok));
        if (ok) {
            imported_trace_release(&trace);
        }
    }
}
