// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include <cJSON.h>

#include "base/buffer.h"
#include "base/error.h"
#include "report/report_document.h"
#include "report/report_format.h"

static const struct report_column columns[] = {
    {"name", "name", REPORT_TEXT, false},
    {"time_ns", "time", REPORT_NS, true},
    {"share", "share", REPORT_PERCENT, true},
    {"calls", "calls", REPORT_COUNT, false},
};

static void
add_row(struct report_table *table, const char *name, double time_ns,
        double share, double calls)
{
    struct error err = {0};
    struct report_value *row = report_row_add(table, &err);

    cr_assert(row != NULL);
    report_set_text(&row[0], name);
    report_set_number(&row[1], time_ns);
    report_set_number(&row[2], share);
    if (calls >= 0) {
        report_set_number(&row[3], calls);
    }
}

static void
make_document(struct report_document *document)
{
    struct report_table *table;

    buffer_append_text(&document->headline, "It is \x1b[31m*slow*.");
    report_fact_number(document, "calls", "calls", REPORT_COUNT, 1234567);
    report_fact_text(document, "host", "host", "a|b\n");
    table = report_table_add(document, "rows", "Rows", columns, 4);
    add_row(table, "größe\x1b", 1500, 12.34, 10);
    add_row(table, "=a,\"b\"", -2000000, -100, -1);
    table->omitted_count = 3;
}

static char *
format(enum report_format format)
{
    struct report_document document = {0};
    struct buffer text = {0};
    struct error err = {0};

    make_document(&document);
    cr_assert(report_format(&text, &document, format, true, &err));
    report_document_release(&document);
    return buffer_take(&text);
}

static void
check(enum report_format kind, const char *expected)
{
    char *text = format(kind);

    cr_assert(eq(str, text, (char *)expected));
    free(text);
}

Test(report_format, is_for_people)
{
    check(REPORT_FORMAT_TEXT, "It is \\x1b[31m*slow*.\n"
                              "\n"
                              "calls  1,234,567\n"
                              "host   a|b\\x0a\n"
                              "\n"
                              "Rows\n"
                              "name            time    share  calls\n"
                              "größe\\x1b   +1.50 us   +12.3%     10\n"
                              "=a,\"b\"     -2.000 ms  -100.0%      -\n"
                              "... and 3 more\n");
}

Test(report_format, is_markdown_that_nothing_breaks)
{
    check(REPORT_FORMAT_MARKDOWN, "It is \\\\x1b\\[31m\\*slow\\*.\n"
                                  "\n"
                                  "* calls: 1,234,567\n"
                                  "* host: a\\|b\\\\x0a\n"
                                  "\n"
                                  "### Rows\n"
                                  "\n"
                                  "| name | time | share | calls |\n"
                                  "| --- | ---: | ---: | ---: |\n"
                                  "| größe\\\\x1b | +1.50 us | +12.3% | 10 |\n"
                                  "| =a,\"b\" | -2.000 ms | -100.0% | - |\n"
                                  "\n"
                                  "... and 3 more\n");
}

Test(report_format, is_csv_of_the_first_table)
{
    check(REPORT_FORMAT_CSV, "name,time_ns,share,calls\r\n"
                             "\"größe\\x1b\",1500,12.3,10\r\n"
                             "\"'=a,\"\"b\"\"\",-2000000,-100.0,\r\n");
}

Test(report_format, is_json_with_plain_numbers)
{
    char *text = format(REPORT_FORMAT_JSON);
    cJSON *object = cJSON_Parse(text);
    cJSON *rows = cJSON_GetObjectItemCaseSensitive(object, "rows");
    cJSON *row = cJSON_GetArrayItem(rows, 1);

    cr_assert(eq(int, cJSON_GetArraySize(rows), 2));
    cr_assert(eq(str,
                 cJSON_GetObjectItemCaseSensitive(row, "name")->valuestring,
                 "=a,\"b\""));
    cr_assert(eq(dbl,
                 cJSON_GetObjectItemCaseSensitive(row, "time_ns")->valuedouble,
                 -2000000.0));
    cr_assert(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(row, "calls")));
    cr_assert(eq(dbl,
                 cJSON_GetObjectItemCaseSensitive(
                     cJSON_GetObjectItemCaseSensitive(object, "facts"), "calls")
                     ->valuedouble,
                 1234567.0));
    cJSON_Delete(object);
    free(text);
}

Test(report_format, cuts_what_is_too_wide_for_people)
{
    static const struct report_column column[] = {
        {"name", "name", REPORT_TEXT, false}};
    char wide[3 * 200 + 1] = "";
    struct report_document document = {0};
    struct report_table *table =
        report_table_add(&document, "rows", "Rows", column, 1);
    struct error err = {0};

    for (int i = 0; i < 200; i++) {
        memcpy(wide + strlen(wide), "\u20ac", sizeof "\u20ac");
    }
    for (size_t size = 119; size < 122; size++) {
        report_set_text(report_row_add(table, &err), wide + 3 * (200 - size));
    }
    for (int kind = REPORT_FORMAT_TEXT; kind <= REPORT_FORMAT_CSV; kind++) {
        bool is_cut =
            kind == REPORT_FORMAT_TEXT || kind == REPORT_FORMAT_MARKDOWN;
        struct buffer text = {0};
        char end[3 * 118 + 4] = "";

        cr_assert(report_format(&text, &document, (enum report_format)kind,
                                false, &err));
        (void)snprintf(end, sizeof end, "%.*s%s", 3 * 117, wide, "...");
        cr_assert(eq(int, strstr(text.data, end) != NULL, is_cut));
        (void)snprintf(end, sizeof end, "%.*s", 3 * 118, wide);
        cr_assert(strstr(text.data, end) != NULL); /* of what is not too wide */
        cr_assert(eq(int, strstr(text.data, wide + 3 * (200 - 121)) != NULL,
                     !is_cut));
        buffer_release(&text);
    }
    report_document_release(&document);
}

Test(report_format, says_that_there_is_nothing)
{
    struct report_document document = {0};
    struct buffer text = {0};
    struct error err = {0};

    buffer_append_text(&document.headline, "Nothing.");
    (void)report_table_add(&document, "rows", "Rows", columns, 4);
    cr_assert(report_format(&text, &document, REPORT_FORMAT_TEXT, true, &err));
    cr_assert(eq(str, text.data, "Nothing.\n\n\nRows\nnone\n"));
    buffer_release(&text);
    cr_assert(
        report_format(&text, &document, REPORT_FORMAT_MARKDOWN, true, &err));
    cr_assert(eq(str, text.data, "Nothing.\n\n\n### Rows\n\nnone\n"));
    buffer_release(&text);
    report_document_release(&document);
}
