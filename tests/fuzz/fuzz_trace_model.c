// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes may stand in a .vzt file that is opened as a model: whatever is
 * asked of it is answered, a cut that leaves nothing out has all its calls, and
 * every format and report can be written.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "export/output_format.h"
#include "export/trace_cut.h"
#include "model/flow_query.h"
#include "model/moment_list.h"
#include "model/scope_profile.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "report/report_document.h"
#include "report/report_format.h"
#include "report/trace_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTHS = 5, COLUMNS = 40, ROWS = 8, REPORT_FORMATS = 4 };

struct memory_file {
    int fd;
    char path[32];
};

static struct memory_file
make_file(void)
{
    struct memory_file file = {.fd = memfd_create("fuzz", MFD_CLOEXEC)};

    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static struct trace_model *
open_model(const char *path)
{
    const struct trace_model_options options = {.thread_count = 1};
    struct trace_model *model = NULL;
    struct error err = {0};

    return trace_model_open(&model, &path, 1, &options, &err) ? model : NULL;
}

static void
fail(const char *what, uint64_t is, uint64_t should_be)
{
    fprintf(stderr, "%s: %" PRIu64 " instead of %" PRIu64 "\n", what, is,
            should_be);
    abort();
}

static void
paint(const struct trace_model *model, uint32_t track, uint64_t column_ns)
{
    static struct timeline_cell cells[(DEPTHS + 1) * COLUMNS];
    struct timeline_request request = {
        .track = track,
        .depth_count = DEPTHS,
        .include_deeper = true,
        .is_exact = column_ns % 2 == 0,
        .grid = {.column_ns = column_ns, .column_count = COLUMNS},
    };
    struct span_scratch *scratch = NULL;
    struct error err = {0};

    if (span_scratch_new(&scratch, &err)
        && timeline_cells(model, &request, scratch, cells, &err)) {
        for (size_t i = 0; i < (DEPTHS + 1) * COLUMNS; i++) {
            if (cells[i].busy_ns > column_ns) {
                fail("busy time of a cell", cells[i].busy_ns, column_ns);
            }
        }
    }
    span_scratch_free(scratch);
}

static void
list_moments(const struct trace_model *model)
{
    const struct moment_request request = {.scope = trace_scope_whole(),
                                           .kinds = MOMENT_KINDS_ALL};
    const struct progress progress = {0};
    struct moment_list *list = NULL;
    struct moment rows[ROWS];
    struct error err = {0};
    size_t taken;

    if (moment_list_new(&list, model, &request, &progress, &err)) {
        size_t count = moment_list_count(list);

        for (size_t i = 0; i < count; i += ROWS) {
            if (!moment_list_rows(list, i, ROWS, rows, &taken, &err)) {
                break;
            }
            for (size_t k = 1; k < taken; k++) {
                if (rows[k].time_ns < rows[k - 1].time_ns) {
                    fail("time of a moment", rows[k].time_ns,
                         rows[k - 1].time_ns);
                }
            }
        }
    }
    moment_list_free(list);
}

static void
sum_up(const struct trace_model *model)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct scope_profile_options options = {.has_durations = true,
                                                  .thread_count = 1};
    struct scope_profile profile;
    struct error err = {0};

    if (scope_profile_build(&profile, model, &whole, &options, &err)) {
        uint64_t calls = trace_model_summary(model).call_count;

        if (profile.call_count != calls) {
            fail("calls of the profile", profile.call_count, calls);
        }
    }
    scope_profile_release(&profile);
}

/* A report in one of its forms. */
static void
report(const struct trace_model *model, size_t which)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct scope_profile_options profile_options = {.has_no_tree = true,
                                                          .thread_count = 1};
    const struct trace_report_options options = {.limit = ROWS};
    struct scope_profile profile = {0};
    struct report_document document = {0};
    struct buffer text = {0};
    struct error err = {0};

    if (scope_profile_build(&profile, model, &whole, &profile_options, &err)
        && trace_report_make(&document, model, &profile, &options, &err)) {
        (void)report_format(&text, &document,
                            (enum report_format)(which % REPORT_FORMATS),
                            which % 2 == 0, &err);
    }
    buffer_release(&text);
    report_document_release(&document);
    scope_profile_release(&profile);
}

static void
cut(const struct trace_model *model, bool has_no_args)
{
    const struct trace_cut_options options = {.scope = trace_scope_whole(),
                                              .keeps_axis = true,
                                              .has_no_source = has_no_args,
                                              .has_no_args = has_no_args,
                                              .thread_count = 1};
    struct memory_file file = make_file();
    struct trace_model *again = NULL;
    struct error err = {0};

    if (trace_cut(model, file.path, &options, NULL, &err)
        && (again = open_model(file.path)) != NULL) {
        uint64_t calls = trace_model_summary(again).call_count;

        if (calls != trace_model_summary(model).call_count) {
            fail("calls of the cut", calls,
                 trace_model_summary(model).call_count);
        }
    }
    trace_model_close(again);
    (void)close(file.fd);
}

static void
write_out(const struct trace_model *model, size_t which)
{
    const struct output_format format = {
        .exporter = exporter_at(which % exporter_count())};
    const struct export_options options = {.has_file_info = true};
    char path[64];
    struct error err = {0};

    snprintf(path, sizeof path, "/dev/shm/fuzz-%ld.out", (long)getpid());
    if (format.exporter->check == NULL || format.exporter->check(&err)) {
        (void)export_trace_as(model, path, &format, &options, &err);
    }
    (void)unlink(path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory_file file = make_file();
    struct trace_model *model = NULL;

    if (write(file.fd, data, size) == (ssize_t)size
        && (model = open_model(file.path)) != NULL) {
        uint64_t duration = trace_model_summary(model).duration_ns;

        for (size_t i = 0; i < trace_model_track_count(model) && i < 4; i++) {
            paint(model, (uint32_t)i, duration / COLUMNS + 1);
            paint(model, (uint32_t)i, duration / COLUMNS / 64 + 1);
        }
        list_moments(model);
        sum_up(model);
        (void)trace_model_flow_counts(model);
        cut(model, size % 2 == 0);
        write_out(model, size);
        report(model, size / 2);
    }
    trace_model_close(model);
    (void)close(file.fd);
    return 0;
}
