// SPDX-License-Identifier: Apache-2.0
/* Each term is first taken out of the text, without its quotes, and then read
 * by what stands before its ':' or its comparison. */
#include "model/trace_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "model/query_terms.h"

#define ALLOWED \
    "name: file: module: cat: thread: process: tid: pid: dur> self> ts: arg:"

enum { SHOWN_SIZE = 40 }; /* of what is repeated in an error */

static const struct {
    const char *word;
    enum query_key key;
} keys[] = {
    {"name", QUERY_NAME},       {"file", QUERY_FILE},
    {"module", QUERY_MODULE},   {"thread", QUERY_THREAD},
    {"process", QUERY_PROCESS}, {"cat", QUERY_CATEGORY},
    {"tid", QUERY_TID},         {"pid", QUERY_PID},
    {"dur", QUERY_DURATION},    {"self", QUERY_SELF},
    {"ts", QUERY_TIME},         {"arg", QUERY_ARG},
};

static const struct {
    const char *word;
    enum vzt_function_kind kind;
} categories[] = {
    {"python", VZT_FUNCTION_PYTHON},
    {"c", VZT_FUNCTION_C},
    {"other", VZT_FUNCTION_OTHER},
};

struct parser {
    const char *text;
    const char *at;
    enum name_pattern_kind kind;
    size_t column; /* of the error */
    /* The term, without "!", key and quotes. */
    char value[TRACE_QUERY_SIZE + 1];
    size_t value_size;
    const char *value_at; /* where it begins in the text */
    struct trace_query *query;
};

static bool
is_blank(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r');
}

static bool
is_letter(char character)
{
    return (character >= 'a' && character <= 'z')
           || (character >= 'A' && character <= 'Z') || character == '_';
}

/* In characters, from 1. */
static size_t
column_of(const struct parser *parser, const char *at)
{
    size_t column = 1;

    for (const char *p = parser->text; p < at; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
    }
    return column;
}

/* "column 7: 'x' reason". */
static bool
fail(struct parser *parser, const char *at, const char *what,
     const char *reason, struct error *err)
{
    parser->column = column_of(parser, at);
    return error_set(err, ERROR_BAD_INPUT, "column %zu: '%.*s' %s",
                     parser->column, SHOWN_SIZE, what, reason);
}

/* Take the rest of the term: up to a blank outside quotes. */
static bool
take_value(struct parser *parser, struct error *err)
{
    const char *quote = NULL;

    parser->value_at = parser->at;
    parser->value_size = 0;
    for (; *parser->at != '\0' && (quote != NULL || !is_blank(*parser->at));
         parser->at++) {
        if (*parser->at == '"') {
            quote = quote == NULL ? parser->at : NULL;
            continue;
        }
        parser->at += parser->at[0] == '\\' && parser->at[1] == '"';
        parser->value[parser->value_size++] = *parser->at;
    }
    parser->value[parser->value_size] = '\0';
    return quote == NULL
           || fail(parser, quote, quote, "has a quote that is not closed", err);
}

static bool
is_lasting_word(const char *at, size_t size)
{
    return (size == 3 && strncmp(at, "dur", size) == 0)
           || (size == 4 && strncmp(at, "self", size) == 0);
}

/* The bytes of a key in front of a term: "ts:", "dur>". 0 = there is none,
 * but a plain name, std::sort or list<int> perhaps. */
static size_t
key_size(const char *at)
{
    size_t size = 0;
    size_t mark;

    while (is_letter(at[size])) {
        size++;
    }
    if (size == 0) {
        return 0;
    }
    if (at[size] == ':') {
        return at[size + 1] == ':' ? 0 : size;
    }
    mark = strspn(at + size, "<>=");
    if (mark > 0 && is_lasting_word(at, size)) {
        return size;
    }
    return mark > 0 && at[size] != '=' && at[size + mark] >= '0'
                   && at[size + mark] <= '9'
               ? size
               : 0;
}

static bool
find_key(struct parser *parser, const char *at, size_t size,
         enum query_key *key, struct error *err)
{
    char word[SHOWN_SIZE];

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strlen(keys[i].word) == size
            && strncmp(keys[i].word, at, size) == 0) {
            *key = keys[i].key;
            return true;
        }
    }
    (void)snprintf(word, sizeof word, "%.*s",
                   (int)(size + 1 < sizeof word ? size + 1 : sizeof word - 1),
                   at);
    return fail(parser, at, word,
                "is no term: use " ALLOWED ", or put the name in quotes", err);
}

static bool
read_pattern(struct parser *parser, struct query_term *term, const char *text,
             struct error *err)
{
    struct error failure = {0};

    if (*text == '\0') {
        return fail(parser, parser->value_at, text, "needs a pattern", err);
    }
    if (name_pattern_compile(&term->pattern, text, parser->kind, &failure)) {
        return true;
    }
    if (failure.code != ERROR_BAD_INPUT) {
        *err = failure;
        return false;
    }
    parser->column = column_of(parser, parser->value_at);
    return error_set(err, ERROR_BAD_INPUT, "column %zu: %s", parser->column,
                     failure.message);
}

static bool
read_comparison(struct parser *parser, struct query_term *term,
                struct error *err)
{
    static const struct {
        const char *mark;
        enum query_comparison comparison;
    } marks[] = {
        {">=", QUERY_AT_LEAST},
        {"<=", QUERY_AT_MOST},
        {">", QUERY_MORE},
        {"<", QUERY_LESS},
    };
    const char *value = parser->value;

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t size = strlen(marks[i].mark);

        if (strncmp(value, marks[i].mark, size) == 0) {
            term->comparison = marks[i].comparison;
            parser->column = column_of(parser, parser->value_at + size);
            return query_time_parse(&term->range.start, value + size,
                                    &parser->column, err);
        }
    }
    return fail(parser, parser->value_at, value,
                "is no comparison: write > >= < or <= and a time, dur>5ms",
                err);
}

static bool
read_category(struct parser *parser, struct query_term *term, struct error *err)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        if (strcmp(parser->value, categories[i].word) == 0) {
            term->category = categories[i].kind;
            return true;
        }
    }
    return fail(parser, parser->value_at, parser->value,
                "is no category: there are python, c and other", err);
}

/* "NAME=PATTERN" or "PATTERN". */
static bool
read_arg(struct parser *parser, struct query_term *term, struct error *err)
{
    const char *equals = strchr(parser->value, '=');

    if (equals == NULL) {
        return read_pattern(parser, term, parser->value, err);
    }
    if (equals == parser->value) {
        return fail(parser, parser->value_at, parser->value,
                    "needs a name before the '='", err);
    }
    term->arg_name = strndup(parser->value, (size_t)(equals - parser->value));
    return term->arg_name != NULL ? read_pattern(parser, term, equals + 1, err)
                                  : error_set_no_memory(err);
}

static bool
read_value(struct parser *parser, struct query_term *term, struct error *err)
{
    switch (term->key) {
    case QUERY_NAME:
    case QUERY_FILE:
    case QUERY_MODULE:
    case QUERY_THREAD:
    case QUERY_PROCESS:
        return read_pattern(parser, term, parser->value, err);
    case QUERY_CATEGORY:
        return read_category(parser, term, err);
    case QUERY_TID:
    case QUERY_PID:
        return number_parse_u64(parser->value, &term->number)
               || fail(parser, parser->value_at, parser->value,
                       "is no number, as in tid:4242", err);
    case QUERY_DURATION:
    case QUERY_SELF:
        return read_comparison(parser, term, err);
    case QUERY_TIME:
        parser->column = column_of(parser, parser->value_at);
        return query_range_parse(&term->range, parser->value, &parser->column,
                                 err);
    case QUERY_ARG:
        return read_arg(parser, term, err);
    }
    return false;
}

/* A key and its colon; a comparison is a part of what comes behind it. */
static bool
read_key(struct parser *parser, size_t size, enum query_key *key,
         struct error *err)
{
    const char *start = parser->at;

    if (!find_key(parser, start, size, key, err)) {
        return false;
    }
    parser->at += size;
    if (*parser->at == ':') {
        parser->at++;
        return true;
    }
    return *key == QUERY_DURATION || *key == QUERY_SELF
           || fail(parser, start, start,
                   "compares what cannot be: only dur and self can", err);
}

/* What is at the present place, which is no blank. */
static bool
read_term(struct parser *parser, struct error *err)
{
    struct query_term *term;
    const char *start = parser->at;
    size_t size;

    if (parser->query->term_count == TRACE_QUERY_TERMS) {
        return fail(parser, start, start, "is one term too many", err);
    }
    term = &parser->query->terms[parser->query->term_count++];
    for (; *parser->at == '!'; parser->at++) {
        term->is_negated = !term->is_negated;
    }
    if (*parser->at == '\0' || is_blank(*parser->at)) {
        return fail(parser, start, "!", "needs a term right behind it", err);
    }
    term->key = QUERY_NAME;
    size = key_size(parser->at);
    if (size > 0 && !read_key(parser, size, &term->key, err)) {
        return false;
    }
    return take_value(parser, err) && read_value(parser, term, err);
}

static bool
read_terms(struct parser *parser, struct error *err)
{
    if (strlen(parser->text) > TRACE_QUERY_SIZE) {
        return error_set(err, ERROR_BAD_INPUT,
                         "the query is longer than %d bytes", TRACE_QUERY_SIZE);
    }
    for (;;) {
        while (is_blank(*parser->at)) {
            parser->at++;
        }
        if (*parser->at == '\0') {
            return true;
        }
        if (!read_term(parser, err)) {
            return false;
        }
    }
}

bool
trace_query_parse(struct trace_query **out, const char *text,
                  enum name_pattern_kind kind, size_t *column,
                  struct error *err)
{
    struct parser parser = {.text = text, .at = text, .kind = kind};
    struct error failure = {0};
    bool ok;

    parser.query = array_new(1, sizeof *parser.query, &failure);
    ok = parser.query != NULL && read_terms(&parser, &failure);
    if (column != NULL) {
        *column = ok || failure.code != ERROR_BAD_INPUT ? 0 : parser.column;
    }
    if (!ok) {
        trace_query_free(parser.query);
        if (err != NULL) {
            *err = failure;
        }
        return false;
    }
    *out = parser.query;
    return true;
}

void
trace_query_free(struct trace_query *query)
{
    for (size_t i = 0; query != NULL && i < query->term_count; i++) {
        name_pattern_free(query->terms[i].pattern);
        free(query->terms[i].arg_name);
    }
    free(query);
}

bool
trace_query_is_empty(const struct trace_query *query)
{
    return query->term_count == 0;
}
