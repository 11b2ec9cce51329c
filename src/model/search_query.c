// SPDX-License-Identifier: Apache-2.0
#include "model/search_query.h"

#include <stdlib.h>

#include "base/array.h"

bool
search_query_make(struct search_query **out, const struct trace_model *model,
                  const char *text, enum name_pattern_kind kind,
                  struct error *err)
{
    struct search_query *query = array_new(1, sizeof *query, err);

    if (query == NULL) {
        return false;
    }
    atomic_init(&query->user_count, 1);
    if (!trace_query_parse(&query->query, text, kind, NULL, err)
        || !bound_query_make(&query->bound, query->query, model, err)) {
        search_query_drop(query);
        return false;
    }
    *out = query;
    return true;
}

struct search_query *
search_query_share(struct search_query *query)
{
    if (query != NULL) {
        atomic_fetch_add(&query->user_count, 1);
    }
    return query;
}

void
search_query_drop(struct search_query *query)
{
    if (query != NULL && atomic_fetch_sub(&query->user_count, 1) == 1) {
        bound_query_release(&query->bound);
        trace_query_free(query->query);
        free(query);
    }
}
