// SPDX-License-Identifier: Apache-2.0
/*
 * model/process_facts.h - how a process was recorded, as its file tells.
 */
#ifndef MODEL_PROCESS_FACTS_H
#define MODEL_PROCESS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct trace_model;

/* Texts are as recorded, "" when they are not known, and live as long as the
 * model. */
struct process_facts {
    const char *file;      /* path of the trace that it is in */
    const char *arguments; /* argument_count texts, each with its NUL */
    uint32_t argument_count;
    const char *executable;
    const char *directory;
    const char *version;        /* of the interpreter */
    uint64_t section_bytes;     /* in the file */
    uint64_t start_realtime_ns; /* wall clock, since 1970; 0 = not known */
    double event_cost_ns;       /* of one event; 0 = not known */
    uint64_t flush_ns;          /* spent in writing blocks */
    struct vzt_status status;
};

struct process_facts process_facts(const struct trace_model *model,
                                   size_t process);

#endif
