// SPDX-License-Identifier: Apache-2.0
/*
 * model/model_section.h - what it takes to read the blocks of one section: its
 * clock and its functions. Private to src/model.
 */
#ifndef MODEL_MODEL_SECTION_H
#define MODEL_MODEL_SECTION_H

#include <stddef.h>
#include <stdint.h>

struct clock_map;
struct trace_file;
struct trace_model;
struct trace_section;
struct vzt_open_call;

#define FUNCTION_UNKNOWN UINT32_MAX
/* No time of the model is beyond this, whatever a file claims. */
#define MODEL_TIME_MAX ((UINT64_C(1) << 62) - 1)
/* And no clock's time that goes into a sum is beyond this (the year 2043). */
#define CLOCK_TIME_MAX ((UINT64_C(1) << 61) - 1)

/* What a section needs to be decoded. */
struct model_section {
    const struct trace_file *file;
    const struct trace_section *section;
    const struct clock_map *clock;
    int64_t offset_ns; /* model time = clock's nanoseconds + this */
    size_t input;      /* index of the path that it came from; ascending */
    /* The section's ids -> indices in the model. With function_end > 0
     * functions is indexed by id; else function_ids is searched. Owned. */
    uint32_t *functions;
    uint32_t *function_ids; /* ascending */
    size_t function_count;
    uint32_t function_end;
    size_t parent; /* index of the parent's section, or SIZE_MAX */
    uint32_t process;
};

/* A tick of a section as time of the model, 0 ... MODEL_TIME_MAX. */
uint64_t model_section_time(const struct model_section *section, uint64_t tick);

/* The slow part of model_section_function. */
uint32_t model_section_find_function(const struct model_section *section,
                                     uint32_t id);

/* The index of a function, or FUNCTION_UNKNOWN. */
static inline uint32_t
model_section_function(const struct model_section *section, uint32_t id)
{
    return __builtin_expect(id < section->function_end, 1)
               ? section->functions[id]
               : model_section_find_function(section, id);
}

/* The function of a call in a block's header. The ids of inherited calls are
 * those of the process that forked. */
uint32_t model_open_function(const struct trace_model *model,
                             const struct model_section *section,
                             const struct vzt_open_call *call);

#endif
