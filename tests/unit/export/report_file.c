// SPDX-License-Identifier: Apache-2.0
#include "unit/export/report_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/exporter.h"
#include "model/trace_model.h"
#include "support/trace_builder.h"

void
report_read_file(const char *path, struct buffer *text)
{
    gzFile file = gzopen(path, "rb");
    char part[4096];
    int got;

    cr_assert(file != NULL, "%s", path);
    do {
        got = gzread(file, part, sizeof part);
        cr_assert(got >= 0, "%s", path);
        buffer_append(text, part, (size_t)got);
    } while (got > 0);
    cr_assert(eq(int, gzclose(file), Z_OK));
}

cJSON *
report_read(const char *path)
{
    struct buffer text = {0};
    cJSON *document;

    report_read_file(path, &text);
    document = cJSON_ParseWithLengthOpts(text.data, text.size + 1, NULL, true);
    cr_assert(document != NULL, "no JSON: %.4000s", text.data);
    buffer_release(&text);
    return document;
}

struct trace_model *
report_open_model(const char *path)
{
    const struct trace_model_options options = {.thread_count = 1};
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, &path, 1, &options, &err), "%s",
              err.message);
    return model;
}

void
report_write(const char *trace, const char *path)
{
    const struct export_options options = {.has_file_info = true};
    struct trace_model *model = report_open_model(trace);
    struct error err = {0};

    cr_assert(export_trace(model, path, &options, &err), "%s", err.message);
    trace_model_close(model);
}

cJSON *
report_export(const char *trace, const char *output)
{
    report_write(trace, output);
    return report_read(output);
}

cJSON *
report_export_built(struct trace_builder *builder, const char *output)
{
    char *trace = trace_builder_finish(builder);
    cJSON *document = report_export(trace, output);

    cr_assert(eq(int, unlink(trace), 0));
    free(trace);
    return document;
}

cJSON *
report_events(cJSON *document)
{
    cJSON *events = cJSON_GetObjectItemCaseSensitive(document, "traceEvents");

    cr_assert(cJSON_IsArray(events));
    return events;
}

char *
event_text(const cJSON *event, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, key));
}

double
event_number(const cJSON *event, const char *key)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(event, key));
}

uint64_t
event_ns(const cJSON *event, const char *key)
{
    return (uint64_t)llround(event_number(event, key) * 1000);
}

bool
event_is_phase(const cJSON *event, const char *phases)
{
    return strchr(phases, event_text(event, "ph")[0]) != NULL;
}

cJSON *
report_find(cJSON *document, const char *phases, unsigned n)
{
    cJSON *event;

    cJSON_ArrayForEach(event, report_events(document))
    {
        if (event_is_phase(event, phases)) {
            if (n == 0) {
                return event;
            }
            n--;
        }
    }
    return NULL;
}

unsigned
report_count(cJSON *document, const char *phases)
{
    unsigned count = 0;

    while (report_find(document, phases, count) != NULL) {
        count++;
    }
    return count;
}
