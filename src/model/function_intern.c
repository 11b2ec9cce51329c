// SPDX-License-Identifier: Apache-2.0
/*
 * A section's ids are usually 1, 2, 3 ...: then its map is a plain array. A
 * process that was forked may use few of many ids, and a file may claim any:
 * then the map is searched, so that its size follows what is in the file.
 */
#include "model/function_intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/intern.h"
#include "model/block_index.h"
#include "model/model_data.h"

enum { DENSE_IDS_PER_FUNCTION = 16, DENSE_IDS_ALWAYS = 256 };

struct interner {
    struct trace_model *model;
    struct intern_table *table;
    struct buffer key;
    size_t capacity; /* of model->functions */
};

static bool
intern_function(struct interner *interner,
                const struct trace_function *function, uint32_t *index,
                struct error *err)
{
    struct trace_model *model = interner->model;
    struct buffer *key = &interner->key;
    uint32_t numbers[2] = {function->line, (uint32_t)function->kind};

    buffer_clear(key);
    buffer_append(key, numbers, sizeof numbers);
    buffer_append(key, function->name, strlen(function->name) + 1);
    buffer_append_text(key, function->file);
    if (!buffer_is_ok(key)) {
        return error_set_no_memory(err);
    }
    if (!intern_table_add(interner->table, key->data, key->size, index, err)) {
        return false;
    }
    if (*index < model->function_count) {
        return true;
    }
    if (!array_reserve((void **)&model->functions, &interner->capacity,
                       model->function_count + 1, sizeof *model->functions,
                       err)) {
        return false;
    }
    model->functions[model->function_count++] = (struct model_function){
        .name = function->name,
        .file = function->file,
        .line = function->line,
        .kind = function->kind,
        .hash = hash_bytes(function->name, strlen(function->name)),
    };
    return true;
}

static bool
make_map(struct model_section *section, struct error *err)
{
    const struct trace_section *source = section->section;
    size_t count = trace_section_function_count(source);
    uint32_t end = trace_section_function_end(source);

    section->function_count = count;
    section->function_end =
        end <= DENSE_IDS_ALWAYS || end / DENSE_IDS_PER_FUNCTION <= count ? end
                                                                         : 0;
    section->function_ids =
        array_new(count, sizeof *section->function_ids, err);
    section->functions = array_new(section->function_end == 0 ? count : end,
                                   sizeof *section->functions, err);
    if (section->functions == NULL || section->function_ids == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < section->function_end; i++) {
        section->functions[i] = FUNCTION_UNKNOWN;
    }
    return true;
}

static bool
intern_section(struct interner *interner, struct model_section *section,
               struct error *err)
{
    if (!make_map(section, err)) {
        return false;
    }
    for (size_t i = 0; i < section->function_count; i++) {
        uint32_t id;
        uint32_t index = 0;
        const struct trace_function *function =
            trace_section_function_at(section->section, i, &id);

        if (!intern_function(interner, function, &index, err)) {
            return false;
        }
        section->function_ids[i] = id;
        section->functions[section->function_end == 0 ? i : id] = index;
    }
    return true;
}

bool
function_intern_build(struct trace_model *model, struct error *err)
{
    struct interner interner = {.model = model};
    bool ok = intern_table_new(&interner.table, err);

    for (size_t i = 0; i < model->section_count && ok; i++) {
        ok = intern_section(&interner, &model->sections[i], err);
    }
    buffer_release(&interner.key);
    intern_table_free(interner.table);
    return ok;
}

uint32_t
model_section_find_function(const struct model_section *section, uint32_t id)
{
    size_t low = 0;
    size_t high = section->function_count;

    if (section->function_end != 0) {
        return FUNCTION_UNKNOWN; /* beyond the plain array */
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (section->function_ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < section->function_count && section->function_ids[low] == id) {
        return section->functions[low];
    }
    return FUNCTION_UNKNOWN;
}

static void
take_sums(struct model_function *function, const struct function_sums *sums)
{
    function->call_count = sums->call_count;
    function->total_ns = sums->total_ns;
    function->self_ns = sums->self_ns;
    function->min_ns = sums->min_ns == UINT64_MAX ? 0 : sums->min_ns;
    function->max_ns = sums->max_ns;
    function->unfinished_count = sums->unfinished_count;
}

void
function_intern_finish(struct trace_model *model,
                       const struct function_sums *sums)
{
    for (size_t i = 0; i < model->function_count; i++) {
        take_sums(&model->functions[i], &sums[i]);
    }
    model->unknown_function = (struct model_function){
        .name = "(unknown)",
        .file = "",
        .kind = VZT_FUNCTION_OTHER,
    };
    take_sums(&model->unknown_function, &sums[model->function_count]);
}
