// SPDX-License-Identifier: Apache-2.0
/*
 * cli/scope_query.h - --scope, --filter, --range and --track are one query:
 * what all of them mean.
 */
#ifndef CLI_SCOPE_QUERY_H
#define CLI_SCOPE_QUERY_H

struct error;
struct options;

/* The text of the query; the caller frees. "" when none of them is given; NULL
 * and *err, which is ERROR_USAGE when they make no query. */
char *scope_query_make(const struct options *options, struct error *err);

#endif
