// SPDX-License-Identifier: Apache-2.0
/*
 * report/report_document.h - what a report says, whatever it is written in: a
 * sentence, some facts, some tables.
 *
 * Everything is bounded by whoever makes it, and comes in a fixed order: the
 * same trace gives the same document. {0} is an empty one.
 */
#ifndef REPORT_REPORT_DOCUMENT_H
#define REPORT_REPORT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

struct error;

enum report_unit {
    REPORT_TEXT,
    REPORT_COUNT,
    REPORT_NS,      /* nanoseconds */
    REPORT_PERCENT, /* a number of 0 to 100, or more for a change */
};

/* Of numbers, whether they are changes: "+3". */
struct report_column {
    const char *key;   /* "self_ns": in JSON and CSV */
    const char *title; /* "self" */
    enum report_unit unit;
    bool is_change;
};

struct report_value {
    const char *text; /* NULL when the column has numbers; not sanitised */
    double number;    /* whole ones are exact up to 2^53 */
    bool is_absent;   /* there is none: "-", null */
};

struct report_table {
    const char *key;   /* "functions" */
    const char *title; /* "Functions, by their own time" */
    const struct report_column *columns;
    size_t column_count;
    struct report_value *values; /* row by row */
    size_t row_count;
    size_t row_capacity;
    size_t omitted_count; /* rows that were left out */
};

struct report_fact {
    const char *key;
    const char *title;
    enum report_unit unit;
    struct report_value value;
};

enum { REPORT_TABLES_MAX = 8, REPORT_FACTS_MAX = 32 };

struct report_document {
    struct buffer headline; /* one sentence; not sanitised */
    struct report_fact facts[REPORT_FACTS_MAX];
    size_t fact_count;
    struct report_table tables[REPORT_TABLES_MAX];
    size_t table_count;
    struct arena arena; /* texts that were made for it */
};

void report_document_release(struct report_document *document);

/* Add a fact; texts outlive the document, or lie in its arena. */
void report_fact_text(struct report_document *document, const char *key,
                      const char *title, const char *text);
void report_fact_number(struct report_document *document, const char *key,
                        const char *title, enum report_unit unit,
                        double number);

/* Add a table; columns outlive the document. */
struct report_table *report_table_add(struct report_document *document,
                                      const char *key, const char *title,
                                      const struct report_column *columns,
                                      size_t column_count);

/* Add a row: its values, all absent, for the caller to fill in; NULL when there
 * is no memory. */
struct report_value *report_row_add(struct report_table *table,
                                    struct error *err);

void report_set_text(struct report_value *value, const char *text);
void report_set_number(struct report_value *value, double number);

/* Text made for the document, as printf makes it; NULL when there is no
 * memory. */
const char *report_text(struct report_document *document, struct error *err,
                        const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* The nearest whole number there is to one that is not negative: sums of what a
 * file claims may be more. */
static inline uint64_t
report_whole_number(double size)
{
    return size < 0x1p64 ? (uint64_t)size : UINT64_MAX;
}

#endif
