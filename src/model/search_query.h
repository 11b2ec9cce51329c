// SPDX-License-Identifier: Apache-2.0
/*
 * model/search_query.h - a query that is bound to a model and shared: by the
 * viewer and by workers that look for what it means.
 */
#ifndef MODEL_SEARCH_QUERY_H
#define MODEL_SEARCH_QUERY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "model/name_pattern.h"
#include "model/trace_query.h"

struct error;
struct trace_model;

/* Read-only but for its users; lives no longer than the model. */
struct search_query {
    struct trace_query *query;
    struct bound_query bound;
    atomic_uint user_count;
};

/* Parses the text and looks at all names of the model. ERROR_BAD_INPUT says
 * what is wrong with the text. The caller drops *out. */
bool search_query_make(struct search_query **out,
                       const struct trace_model *model, const char *text,
                       enum name_pattern_kind kind, struct error *err);

/* Another user, who drops it, too; returns query. Both accept NULL. */
struct search_query *search_query_share(struct search_query *query);
void search_query_drop(struct search_query *query);

#endif
