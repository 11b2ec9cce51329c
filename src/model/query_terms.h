// SPDX-License-Identifier: Apache-2.0
/* model/query_terms.h - what a query was parsed into. Private to src/model. */
#ifndef MODEL_QUERY_TERMS_H
#define MODEL_QUERY_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/event.h"
#include "model/trace_query.h"

enum query_key {
    QUERY_NAME,
    QUERY_FILE,
    QUERY_MODULE,
    QUERY_THREAD,
    QUERY_PROCESS,
    QUERY_CATEGORY,
    QUERY_TID,
    QUERY_PID,
    QUERY_DURATION,
    QUERY_SELF,
    QUERY_TIME,
    QUERY_ARG,
};

enum query_comparison {
    QUERY_MORE,
    QUERY_AT_LEAST,
    QUERY_LESS,
    QUERY_AT_MOST,
};

struct query_term {
    enum query_key key;
    bool is_negated;
    struct name_pattern *pattern; /* of a term that has one; owned */
    char *arg_name;               /* NULL = any argument; owned */
    uint64_t number;              /* tid, pid */
    enum vzt_function_kind category;
    enum query_comparison comparison; /* dur, self, with range.start */
    struct query_range range;
};

struct trace_query {
    struct query_term terms[TRACE_QUERY_TERMS];
    size_t term_count;
};

/*
 * Whether a name or a value in JSON text matches; with a name, whether a value
 * behind exactly this name does (elements of a list belong to the list's name).
 * Text that is no JSON, or was cut, is looked at as far as it goes.
 */
bool query_args_match(const struct name_pattern *pattern, const char *name,
                      const char *json, size_t size);

#endif
