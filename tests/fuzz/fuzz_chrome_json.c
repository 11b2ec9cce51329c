// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes may stand in a JSON file; what they become is a sound trace, and
 * the same one whether or not events are read by the shape of those before.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "format/reader.h"
#include "import/chrome_json.h"
#include "model/trace_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
open_import(const struct imported_trace *trace)
{
    const char *path = trace->path;
    struct trace_model *model = NULL;
    struct error err = {0};

    if (!trace_model_open(&model, &path, 1, NULL, &err)
        || trace_model_summary(model).mismatched_returns != 0) {
        fprintf(stderr, "%s: %s, %llu mismatched returns\n", path, err.message,
                model == NULL ? 0ull
                              : (unsigned long long)trace_model_summary(model)
                                    .mismatched_returns);
        abort();
    }
    trace_model_close(model);
}

static void
compare(const struct imported_trace *a, const struct imported_trace *b)
{
    static char a_bytes[4096];
    static char b_bytes[4096];
    ssize_t size = 1;

    for (off_t at = 0; size > 0; at += size) {
        size = pread(a->fd, a_bytes, sizeof a_bytes, at);
        if (pread(b->fd, b_bytes, sizeof b_bytes, at) != size
            || (size > 0 && memcmp(a_bytes, b_bytes, (size_t)size) != 0)) {
            fprintf(stderr, "by shapes it is another trace\n");
            abort();
        }
    }
}

static void
import_by_member(const char *path, const struct imported_trace *by_shape)
{
    const struct chrome_json_options options = {.run_size = 3,
                                                .has_no_shapes = true};
    struct imported_trace trace;
    struct error err = {0};

    if (chrome_json_import(&trace, path, &options, &err)
        != (by_shape != NULL)) {
        fprintf(stderr, "by shapes it is %s trace\n",
                by_shape == NULL ? "no" : "a");
        abort();
    }
    if (by_shape != NULL) {
        compare(&trace, by_shape);
        imported_trace_release(&trace);
    }
}

/* So many reports are answered with go on. */
static bool
stop_later(void *context, uint64_t done, uint64_t total)
{
    unsigned *left = context;

    (void)done;
    (void)total;
    return *left > 0 && (*left)-- > 0;
}

/* What was read until the user had enough is a sound trace, too. */
static void
import_in_part(const char *path, size_t size)
{
    unsigned report_count = (unsigned)(size % 5);
    const struct chrome_json_options options = {
        .progress = {.report = stop_later, .context = &report_count},
        .keeps_when_stopped = size % 2 == 0,
        .is_growing = size % 3 == 0,
        .name = "part",
        .run_size = 3,
    };
    struct imported_trace trace;
    struct error err = {0};

    if (chrome_json_import(&trace, path, &options, &err)) {
        open_import(&trace);
        imported_trace_release(&trace);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct chrome_json_options options = {.run_size = 3};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    struct imported_trace trace;
    struct error err = {0};
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    if (chrome_json_import(&trace, path, &options, &err)) {
        open_import(&trace);
        import_by_member(path, &trace);
        imported_trace_release(&trace);
    } else {
        import_by_member(path, NULL);
    }
    import_in_part(path, size);
    (void)close(fd);
    return 0;
}
