// SPDX-License-Identifier: Apache-2.0
#include "report/report_format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "format/sanitise.h"
#include "report/report_document.h"

enum { TEXT_COLUMNS_MAX = 120 };

struct writer {
    struct buffer *out;
    const struct report_document *document;
    bool is_ascii;
    bool cuts_texts;    /* a table is to be read by people */
    struct buffer text; /* of one value */
};

/* Leave out the end of what is wider than a column of a table may be. */
static void
cut(struct buffer *text)
{
    unsigned width = 0;
    size_t fitting = 0; /* of its bytes, and dots behind them */

    for (size_t i = 0; i < text->size;) {
        uint32_t character;
        size_t size = utf8_decode(text->data + i, text->size - i, &character);
        int columns = utf8_width(character);

        width += columns > 0 ? (unsigned)columns : 0;
        if (width > TEXT_COLUMNS_MAX) {
            text->size = fitting;
            buffer_append_text(text, "...");
            return;
        }
        i += size;
        fitting = width <= TEXT_COLUMNS_MAX - 3 ? i : fitting;
    }
}

static const char *
sign_of(double number, bool is_change)
{
    return number < 0 ? "-" : is_change && number > 0 ? "+" : "";
}

/* A value as people read it, in writer->text. */
static void
show_value(struct writer *writer, const struct report_value *value,
           enum report_unit unit, bool is_change)
{
    struct buffer *text = &writer->text;
    const char *sign = sign_of(value->number, is_change);
    double size = fabs(value->number);
    char number[TEXT_NUMBER_SIZE];

    buffer_clear(text);
    if (value->is_absent) {
        buffer_append_char(text, '-');
        return;
    }
    switch (unit) {
    case REPORT_TEXT:
        sanitise_append(text, value->text, strlen(value->text));
        if (writer->cuts_texts) {
            cut(text);
        }
        return;
    case REPORT_COUNT:
        (void)text_grouped(number, sizeof number, report_whole_number(size));
        break;
    case REPORT_NS:
        (void)text_duration(number, sizeof number, report_whole_number(size),
                            writer->is_ascii);
        break;
    case REPORT_PERCENT:
        buffer_append_format(text, "%s%.1f%%", sign, size);
        return;
    }
    buffer_append_format(text, "%s%s", sign, number);
}

static unsigned
width_of(const struct buffer *text)
{
    unsigned width = 0;

    for (size_t i = 0; i < text->size;) {
        uint32_t character;
        int columns;

        i += utf8_decode(text->data + i, text->size - i, &character);
        columns = utf8_width(character);
        width += columns > 0 ? (unsigned)columns : 0;
    }
    return width;
}

static void
append_blanks(struct buffer *out, unsigned count)
{
    while (count-- > 0) {
        buffer_append_char(out, ' ');
    }
}

static unsigned
larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* The columns that each column of a table takes. */
static unsigned *
measure(struct writer *writer, const struct report_table *table,
        struct error *err)
{
    unsigned *widths = array_new(table->column_count, sizeof *widths, err);

    for (size_t i = 0; widths != NULL && i < table->column_count; i++) {
        const struct report_column *column = &table->columns[i];

        widths[i] = (unsigned)strlen(column->title);
        for (size_t row = 0; row < table->row_count; row++) {
            show_value(writer, &table->values[row * table->column_count + i],
                       column->unit, column->is_change);
            widths[i] = larger(widths[i], width_of(&writer->text));
        }
    }
    return widths;
}

/* Numbers stand at the right of their column; behind the last nothing does. */
static void
append_cell(struct writer *writer, const struct report_table *table,
            size_t column, unsigned width)
{
    struct buffer *text = &writer->text;
    unsigned used = width_of(text);
    bool is_text = table->columns[column].unit == REPORT_TEXT;

    if (column > 0) {
        buffer_append_text(writer->out, "  ");
    }
    if (!is_text && used < width) {
        append_blanks(writer->out, width - used);
    }
    buffer_append(writer->out, text->data, text->size);
    if (is_text && column + 1 < table->column_count && used < width) {
        append_blanks(writer->out, width - used);
    }
}

static bool
append_table(struct writer *writer, const struct report_table *table,
             struct error *err)
{
    unsigned *widths = measure(writer, table, err);

    if (widths == NULL) {
        return false;
    }
    buffer_append_format(writer->out, "\n%s\n", table->title);
    if (table->row_count == 0) {
        buffer_append_text(writer->out, "none\n");
        free(widths);
        return true;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_clear(&writer->text);
        buffer_append_text(&writer->text, table->columns[i].title);
        append_cell(writer, table, i, widths[i]);
    }
    buffer_append_char(writer->out, '\n');
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        size_t column = i % table->column_count;

        show_value(writer, &table->values[i], table->columns[column].unit,
                   table->columns[column].is_change);
        append_cell(writer, table, column, widths[column]);
        if (column + 1 == table->column_count) {
            buffer_append_char(writer->out, '\n');
        }
    }
    if (table->omitted_count > 0) {
        buffer_append_format(writer->out, "... and %zu more\n",
                             table->omitted_count);
    }
    free(widths);
    return true;
}

static void
append_headline(struct writer *writer)
{
    sanitise_append(writer->out, writer->document->headline.data,
                    writer->document->headline.size);
    buffer_append_text(writer->out, "\n\n");
}

static bool
write_text(struct writer *writer, struct error *err)
{
    const struct report_document *document = writer->document;
    size_t width = 0;

    append_headline(writer);
    for (size_t i = 0; i < document->fact_count; i++) {
        size_t size = strlen(document->facts[i].title);

        width = size > width ? size : width;
    }
    for (size_t i = 0; i < document->fact_count; i++) {
        const struct report_fact *fact = &document->facts[i];

        show_value(writer, &fact->value, fact->unit, false);
        buffer_append_format(writer->out, "%-*s  ", (int)width, fact->title);
        buffer_append(writer->out, writer->text.data, writer->text.size);
        buffer_append_char(writer->out, '\n');
    }
    for (size_t i = 0; i < document->table_count; i++) {
        if (!append_table(writer, &document->tables[i], err)) {
            return false;
        }
    }
    return true;
}

/* Text that Markdown takes for nothing but text, also within a table. */
static void
append_markdown(struct writer *writer)
{
    const struct buffer *text = &writer->text;

    for (size_t i = 0; i < text->size; i++) {
        if (strchr("\\`*_{}[]<>()#+-!|~&", text->data[i]) != NULL) {
            buffer_append_char(writer->out, '\\');
        }
        buffer_append_char(writer->out, text->data[i]);
    }
}

static void
append_markdown_value(struct writer *writer, const struct report_value *value,
                      enum report_unit unit, bool is_change)
{
    show_value(writer, value, unit, is_change);
    if (unit == REPORT_TEXT) {
        append_markdown(writer);
    } else {
        buffer_append(writer->out, writer->text.data, writer->text.size);
    }
}

static void
append_markdown_table(struct writer *writer, const struct report_table *table)
{
    struct buffer *out = writer->out;

    buffer_append_format(out, "\n### %s\n\n", table->title);
    if (table->row_count == 0) {
        buffer_append_text(out, "none\n");
        return;
    }
    buffer_append_char(out, '|');
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_format(out, " %s |", table->columns[i].title);
    }
    buffer_append_text(out, "\n|");
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_text(
            out, table->columns[i].unit == REPORT_TEXT ? " --- |" : " ---: |");
    }
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        size_t column = i % table->column_count;

        buffer_append_text(out, column == 0 ? "\n| " : " ");
        append_markdown_value(writer, &table->values[i],
                              table->columns[column].unit,
                              table->columns[column].is_change);
        buffer_append_text(out, " |");
    }
    buffer_append_char(out, '\n');
    if (table->omitted_count > 0) {
        buffer_append_format(out, "\n... and %zu more\n", table->omitted_count);
    }
}

static bool
write_markdown(struct writer *writer, struct error *err)
{
    const struct report_document *document = writer->document;

    (void)err;
    buffer_clear(&writer->text);
    sanitise_append(&writer->text, document->headline.data,
                    document->headline.size);
    append_markdown(writer);
    buffer_append_text(writer->out, "\n\n");
    for (size_t i = 0; i < document->fact_count; i++) {
        const struct report_fact *fact = &document->facts[i];

        buffer_append_format(writer->out, "* %s: ", fact->title);
        append_markdown_value(writer, &fact->value, fact->unit, false);
        buffer_append_char(writer->out, '\n');
    }
    for (size_t i = 0; i < document->table_count; i++) {
        append_markdown_table(writer, &document->tables[i]);
    }
    return true;
}

/* Percents have one decimal, as people read them. */
static double
plain_number(const struct report_value *value, enum report_unit unit)
{
    return unit == REPORT_PERCENT ? round(value->number * 10) / 10
                                  : value->number;
}

static cJSON *
make_value(struct writer *writer, const struct report_value *value,
           enum report_unit unit)
{
    if (value->is_absent) {
        return cJSON_CreateNull();
    }
    if (unit != REPORT_TEXT) {
        return cJSON_CreateNumber(plain_number(value, unit));
    }
    show_value(writer, value, unit, false);
    return cJSON_CreateString(writer->text.size > 0 ? writer->text.data : "");
}

/* The object takes the item, also where there is no memory for one of them. */
static bool
add_item(cJSON *object, const char *key, cJSON *item)
{
    if (item != NULL && cJSON_AddItemToObject(object, key, item)) {
        return true;
    }
    cJSON_Delete(item);
    return false;
}

static bool
add_row(struct writer *writer, const struct report_table *table, size_t row,
        cJSON *rows)
{
    cJSON *object = cJSON_CreateObject();

    if (object == NULL || !cJSON_AddItemToArray(rows, object)) {
        cJSON_Delete(object);
        return false;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (!add_item(object, table->columns[i].key,
                      make_value(writer,
                                 &table->values[row * table->column_count + i],
                                 table->columns[i].unit))) {
            return false;
        }
    }
    return true;
}

static bool
fill_object(struct writer *writer, cJSON *object)
{
    const struct report_document *document = writer->document;
    cJSON *facts;
    const struct report_value headline = {
        .text = document->headline.size > 0 ? document->headline.data : ""};

    if (!add_item(object, "headline",
                  make_value(writer, &headline, REPORT_TEXT))) {
        return false;
    }
    facts = cJSON_AddObjectToObject(object, "facts");
    for (size_t i = 0; i < document->fact_count; i++) {
        const struct report_fact *fact = &document->facts[i];

        if (facts == NULL
            || !add_item(facts, fact->key,
                         make_value(writer, &fact->value, fact->unit))) {
            return false;
        }
    }
    for (size_t i = 0; i < document->table_count; i++) {
        const struct report_table *table = &document->tables[i];
        cJSON *rows = cJSON_AddArrayToObject(object, table->key);

        for (size_t row = 0; row < table->row_count; row++) {
            if (rows == NULL || !add_row(writer, table, row, rows)) {
                return false;
            }
        }
    }
    return true;
}

static bool
write_json(struct writer *writer, struct error *err)
{
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;

    if (object != NULL && fill_object(writer, object)) {
        text = cJSON_Print(object);
    }
    cJSON_Delete(object);
    if (text == NULL) {
        return error_set_no_memory(err);
    }
    buffer_append_text(writer->out, text);
    buffer_append_char(writer->out, '\n');
    cJSON_free(text);
    return true;
}

static void
append_csv_value(struct writer *writer, const struct report_value *value,
                 enum report_unit unit)
{
    struct buffer *out = writer->out;

    if (value->is_absent) {
        return;
    }
    if (unit != REPORT_TEXT) {
        buffer_append_format(out, unit == REPORT_PERCENT ? "%.1f" : "%.0f",
                             plain_number(value, unit));
        return;
    }
    show_value(writer, value, unit, false);
    csv_append_text(out, writer->text.data, writer->text.size);
}

static bool
write_csv(struct writer *writer, struct error *err)
{
    const struct report_table *table = &writer->document->tables[0];

    (void)err;
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_format(writer->out, "%s%s", i > 0 ? "," : "",
                             table->columns[i].key);
    }
    buffer_append_text(writer->out, "\r\n");
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        size_t column = i % table->column_count;

        if (column > 0) {
            buffer_append_char(writer->out, ',');
        }
        append_csv_value(writer, &table->values[i],
                         table->columns[column].unit);
        if (column + 1 == table->column_count) {
            buffer_append_text(writer->out, "\r\n");
        }
    }
    return true;
}

bool
report_format(struct buffer *out, const struct report_document *document,
              enum report_format format, bool is_ascii, struct error *err)
{
    static bool (*const writers[])(struct writer *, struct error *) = {
        [REPORT_FORMAT_TEXT] = write_text,
        [REPORT_FORMAT_MARKDOWN] = write_markdown,
        [REPORT_FORMAT_JSON] = write_json,
        [REPORT_FORMAT_CSV] = write_csv,
    };
    struct writer writer = {
        .out = out,
        .document = document,
        .is_ascii = is_ascii,
        .cuts_texts =
            format == REPORT_FORMAT_TEXT || format == REPORT_FORMAT_MARKDOWN,
    };
    bool ok = writers[format](&writer, err);

    out->has_failed |= writer.text.has_failed;
    buffer_release(&writer.text);
    return ok && (buffer_is_ok(out) || error_set_no_memory(err));
}
