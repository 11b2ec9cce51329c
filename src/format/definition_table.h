// SPDX-License-Identifier: Apache-2.0
/*
 * format/definition_table.h - what the ids of one section mean. Internal.
 *
 * Definitions are added in the order they were written and looked up after
 * definition_table_finish. Ids are untrusted: memory grows with the number of
 * definitions, never with their ids.
 */
#ifndef FORMAT_DEFINITION_TABLE_H
#define FORMAT_DEFINITION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/reader.h"

struct definition_table;

/* What is known of the process; texts NUL-terminated, "" when unknown. */
struct process_texts {
    const char *name;
    const char *executable;
    const char *directory;
    const char *version;
    const char *arguments;
    uint32_t argument_count;
};

bool definition_table_new(struct definition_table **out, struct error *err);

/* Add the records of count valid words. *bad_count grows by the records that
 * are not what they claim to be. */
bool definition_table_add(struct definition_table *table, const uint64_t *words,
                          size_t count, uint64_t *bad_count, struct error *err);

/* Make sure that a stream which is only used has a row. */
bool definition_table_use_stream(struct definition_table *table, uint32_t id,
                                 struct error *err);

/* All is added: sort, join, and let the look-ups begin. */
bool definition_table_finish(struct definition_table *table, struct error *err);

const struct trace_function *
definition_table_function(const struct definition_table *table, uint32_t id);
uint32_t definition_table_function_end(const struct definition_table *table);
size_t definition_table_function_count(const struct definition_table *table);
const struct trace_function *
definition_table_function_at(const struct definition_table *table, size_t index,
                             uint32_t *id);
struct text_span definition_table_string(const struct definition_table *table,
                                         uint32_t id);

/* By id; first_block and block_count are the caller's to fill in. */
struct trace_stream *definition_table_streams(struct definition_table *table,
                                              size_t *count);
const struct trace_source *
definition_table_sources(const struct definition_table *table, size_t *count);
const struct process_texts *
definition_table_process(const struct definition_table *table);

/* NULL is allowed. */
void definition_table_free(struct definition_table *table);

#endif
