// SPDX-License-Identifier: Apache-2.0
#include "model/source_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_data.h"

struct found_source {
    struct model_source source;
    size_t order;
};

/* By path, whole ones first, then as they come in the files. */
static int
compare_sources(const void *left, const void *right)
{
    const struct found_source *a = left;
    const struct found_source *b = right;
    int order = strcmp(a->source.path, b->source.path);

    if (order == 0) {
        order = (int)b->source.is_whole - (int)a->source.is_whole;
    }
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

bool
source_list_build(struct trace_model *model, struct error *err)
{
    struct found_source *found;
    size_t count = 0;

    for (size_t i = 0; i < model->section_count; i++) {
        count += model->sections[i].section->source_count;
    }
    found = array_new(count, sizeof *found, err);
    model->sources = array_new(count, sizeof *model->sources, err);
    if (found == NULL || model->sources == NULL) {
        free(found);
        return false;
    }
    count = 0;
    for (size_t i = 0; i < model->section_count; i++) {
        const struct trace_section *section = model->sections[i].section;

        for (size_t k = 0; k < section->source_count; k++) {
            const struct trace_source *source = &section->sources[k];

            found[count] = (struct found_source){
                .source = {.path = source->path,
                           .text = source->text,
                           .size = source->size,
                           .is_whole = source->size == source->whole_size,
                           .whole_size = source->whole_size,
                           .whole_hash = source->whole_hash},
                .order = count,
            };
            count++;
        }
    }
    qsort(found, count, sizeof *found, compare_sources);
    for (size_t i = 0; i < count; i++) {
        if (i == 0
            || strcmp(found[i].source.path, found[i - 1].source.path) != 0) {
            model->sources[model->source_count++] = found[i].source;
        }
    }
    free(found);
    return true;
}

size_t
trace_model_source_count(const struct trace_model *model)
{
    return model->source_count;
}

struct model_source
trace_model_source(const struct trace_model *model, size_t index)
{
    return model->sources[index];
}
