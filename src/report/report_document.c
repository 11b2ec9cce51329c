// SPDX-License-Identifier: Apache-2.0
#include "report/report_document.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"

void
report_document_release(struct report_document *document)
{
    for (size_t i = 0; i < document->table_count; i++) {
        free(document->tables[i].values);
    }
    buffer_release(&document->headline);
    arena_release(&document->arena);
    *document = (struct report_document){0};
}

static struct report_fact *
add_fact(struct report_document *document, const char *key, const char *title,
         enum report_unit unit)
{
    struct report_fact *fact = &document->facts[document->fact_count];

    assert(document->fact_count < REPORT_FACTS_MAX);
    document->fact_count++;
    *fact = (struct report_fact){.key = key, .title = title, .unit = unit};
    return fact;
}

void
report_fact_text(struct report_document *document, const char *key,
                 const char *title, const char *text)
{
    report_set_text(&add_fact(document, key, title, REPORT_TEXT)->value, text);
}

void
report_fact_number(struct report_document *document, const char *key,
                   const char *title, enum report_unit unit, double number)
{
    report_set_number(&add_fact(document, key, title, unit)->value, number);
}

struct report_table *
report_table_add(struct report_document *document, const char *key,
                 const char *title, const struct report_column *columns,
                 size_t column_count)
{
    struct report_table *table = &document->tables[document->table_count];

    assert(document->table_count < REPORT_TABLES_MAX);
    document->table_count++;
    *table = (struct report_table){
        .key = key,
        .title = title,
        .columns = columns,
        .column_count = column_count,
    };
    return table;
}

struct report_value *
report_row_add(struct report_table *table, struct error *err)
{
    struct report_value *row;

    if (!array_reserve((void **)&table->values, &table->row_capacity,
                       (table->row_count + 1) * table->column_count,
                       sizeof *table->values, err)) {
        return NULL;
    }
    row = &table->values[table->row_count++ * table->column_count];
    for (size_t i = 0; i < table->column_count; i++) {
        row[i] = (struct report_value){.is_absent = true};
    }
    return row;
}

void
report_set_text(struct report_value *value, const char *text)
{
    *value = (struct report_value){.text = text};
}

void
report_set_number(struct report_value *value, double number)
{
    *value = (struct report_value){.number = number};
}

const char *
report_text(struct report_document *document, struct error *err,
            const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    char *copy = NULL;
    int size;

    va_start(arguments, format);
    size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size >= 0) {
        copy = arena_copy(&document->arena, text, (size_t)size);
        free(text);
    }
    if (copy == NULL) {
        (void)error_set_no_memory(err);
    }
    return copy;
}
