// SPDX-License-Identifier: Apache-2.0
#include "report/condition.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "base/text.h"
#include "model/name_pattern.h"
#include "model/profile_diff.h"
#include "model/scope_profile.h"
#include "model/trace_model.h"
#include "report/report_document.h"

enum metric {
    METRIC_SELF,
    METRIC_TOTAL,
    METRIC_CALLS,
    METRIC_MEAN,
    METRIC_MAX
};

enum comparison { IS_GREATER, IS_GREATER_EQUAL, IS_LESS, IS_LESS_EQUAL };

enum value_kind { VALUE_NS, VALUE_PERCENT, VALUE_COUNT };

struct condition {
    char *text; /* owned */
    struct name_pattern *pattern;
    enum metric metric;
    enum comparison comparison;
    enum value_kind kind;
    double value;
};

static const struct {
    const char *name;
    enum metric metric;
} metrics[] = {
    {"self", METRIC_SELF}, {"total", METRIC_TOTAL}, {"calls", METRIC_CALLS},
    {"mean", METRIC_MEAN}, {"max", METRIC_MAX},
};

/* The longer ones first. */
static const struct {
    const char *sign;
    enum comparison comparison;
} comparisons[] = {
    {">=", IS_GREATER_EQUAL},
    {"<=", IS_LESS_EQUAL},
    {">", IS_GREATER},
    {"<", IS_LESS},
};

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static bool
report_bad(const char *text, const char *what, struct error *err)
{
    return error_set(err, ERROR_BAD_INPUT,
                     "\"%s\": %s; a condition is like \"self(NAME) > 20%%\", "
                     "\"total(NAME) >= 1.5s\" or \"calls(NAME) > 100\", of "
                     "self, total, calls, mean or max, with > >= < or <=",
                     text, what);
}

static bool
parse_metric(struct condition *condition, const char **at)
{
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        size_t size = strlen(metrics[i].name);

        if (strncmp(*at, metrics[i].name, size) == 0
            && *skip_blanks(*at + size) == '(') {
            condition->metric = metrics[i].metric;
            *at = skip_blanks(*at + size) + 1;
            return true;
        }
    }
    return false;
}

/* The pattern may have brackets itself: the last one ends it. */
static bool
parse_pattern(struct condition *condition, const char **at, struct error *err)
{
    const char *end = strrchr(*at, ')');
    char *pattern;
    bool ok;

    if (end == NULL) {
        return report_bad(condition->text, "there is no \")\"", err);
    }
    pattern = strndup(*at, (size_t)(end - *at));
    if (pattern == NULL) {
        return error_set_no_memory(err);
    }
    ok = name_pattern_compile(&condition->pattern, pattern, NAME_PATTERN_REGEX,
                              err)
         || error_add_context(err, condition->text);
    free(pattern);
    *at = skip_blanks(end + 1);
    return ok;
}

static bool
parse_comparison(struct condition *condition, const char **at)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        size_t size = strlen(comparisons[i].sign);

        if (strncmp(*at, comparisons[i].sign, size) == 0) {
            condition->comparison = comparisons[i].comparison;
            *at = skip_blanks(*at + size);
            return true;
        }
    }
    return false;
}

/* A decimal number without sign or exponent, whatever the locale; what follows
 * it, or NULL. */
static const char *
parse_number(const char *text, double *value)
{
    double unit = 1;

    *value = 0;
    if (!isdigit((unsigned char)*text)) {
        return NULL;
    }
    for (; isdigit((unsigned char)*text); text++) {
        *value = *value * 10 + (*text - '0');
    }
    if (*text == '.' && isdigit((unsigned char)text[1])) {
        for (text++; isdigit((unsigned char)*text); text++) {
            unit /= 10;
            *value += unit * (*text - '0');
        }
    }
    return text;
}

static bool
parse_value(struct condition *condition, const char *at, struct error *err)
{
    const char *rest;
    bool is_count = condition->metric == METRIC_CALLS;
    bool is_sum =
        condition->metric == METRIC_SELF || condition->metric == METRIC_TOTAL;
    uint64_t time_ns;

    at += *at == '+' ? 1 : 0;
    rest = parse_number(at, &condition->value);
    if (rest != NULL && is_count && *rest == '\0') {
        condition->kind = VALUE_COUNT;
        return true;
    }
    if (rest != NULL && is_sum && *skip_blanks(rest) == '%'
        && skip_blanks(rest)[1] == '\0') {
        condition->kind = VALUE_PERCENT;
        return true;
    }
    if (rest != NULL && !is_count && *rest != '\0'
        && number_parse_duration(at, &time_ns)) {
        condition->kind = VALUE_NS;
        condition->value = (double)time_ns;
        return true;
    }
    return report_bad(condition->text,
                      is_count ? "calls are compared with a number"
                      : is_sum ? "a time such as 3ms or a share such as 20% is "
                                 "missing"
                               : "a time such as 3ms is missing",
                      err);
}

static bool
parse(struct condition *condition, struct error *err)
{
    const char *at = skip_blanks(condition->text);

    if (!parse_metric(condition, &at)) {
        return report_bad(condition->text, "what is compared?", err);
    }
    if (!parse_pattern(condition, &at, err)) {
        return false;
    }
    if (!parse_comparison(condition, &at)) {
        return report_bad(condition->text, "how is it compared?", err);
    }
    return parse_value(condition, at, err);
}

bool
condition_parse(struct condition **out, const char *text, struct error *err)
{
    struct condition *condition = array_new(1, sizeof *condition, err);
    size_t size = strlen(text);

    if (condition == NULL) {
        return false;
    }
    while (size > 0 && isspace((unsigned char)text[size - 1])) {
        size--;
    }
    condition->text = strndup(text, size);
    if (condition->text == NULL) {
        (void)error_set_no_memory(err);
    }
    if (condition->text == NULL || !parse(condition, err)) {
        condition_free(condition);
        return false;
    }
    *out = condition;
    return true;
}

void
condition_free(struct condition *condition)
{
    if (condition != NULL) {
        name_pattern_free(condition->pattern);
        free(condition->text);
        free(condition);
    }
}

/* Whether a function is in the scope and matches. */
static bool
matches(const struct condition *condition, const struct trace_model *model,
        const struct scope_profile *profile, uint32_t index)
{
    const char *name = scope_profile_function(model, index)->name;

    return profile_function_is_there(&profile->functions[index])
           && name_pattern_matches(condition->pattern, name, strlen(name));
}

bool
condition_is_about_any(const struct condition *condition,
                       const struct trace_model *model,
                       const struct scope_profile *profile)
{
    for (uint32_t i = 0; i <= profile->function_count; i++) {
        if (matches(condition, model, profile, i)) {
            return true;
        }
    }
    return false;
}

/* What is compared: sums of the functions that match. */
static double
measure(const struct condition *condition, const struct trace_model *model,
        const struct scope_profile *profile)
{
    struct profile_function sums = {0};

    for (uint32_t i = 0; i <= profile->function_count; i++) {
        const struct profile_function *function = &profile->functions[i];

        if (matches(condition, model, profile, i)) {
            sums.call_count += function->call_count;
            sums.self_ns += function->self_ns;
            sums.total_ns += function->total_ns;
            sums.max_ns =
                function->max_ns > sums.max_ns ? function->max_ns : sums.max_ns;
        }
    }
    switch (condition->metric) {
    case METRIC_SELF:
        return (double)sums.self_ns;
    case METRIC_TOTAL:
        return (double)sums.total_ns;
    case METRIC_CALLS:
        return (double)sums.call_count;
    case METRIC_MEAN:
        return sums.call_count == 0
                   ? 0
                   : (double)sums.total_ns / (double)sums.call_count;
    case METRIC_MAX:
        return (double)sums.max_ns;
    }
    return 0;
}

static bool
compare(const struct condition *condition, double value)
{
    switch (condition->comparison) {
    case IS_GREATER:
        return value > condition->value;
    case IS_GREATER_EQUAL:
        return value >= condition->value;
    case IS_LESS:
        return value < condition->value;
    case IS_LESS_EQUAL:
        return value <= condition->value;
    }
    return false;
}

/* Append what is compared, and "it is ...". */
static void
say(const struct condition *condition, double value, bool is_change,
    struct buffer *words)
{
    const char *sign = value < 0 ? "-" : is_change ? "+" : "";
    double size = fabs(value);
    char number[TEXT_NUMBER_SIZE];

    if (condition->kind == VALUE_PERCENT) {
        (void)snprintf(number, sizeof number, "%.2f%%", size);
    } else if (condition->kind == VALUE_COUNT) {
        (void)text_grouped(number, sizeof number, report_whole_number(size));
    } else {
        (void)text_duration(number, sizeof number, report_whole_number(size),
                            true);
    }
    buffer_append_format(words, "%s: it is %s%s", condition->text, sign,
                         number);
}

bool
condition_holds(const struct condition *condition,
                const struct trace_model *model,
                const struct scope_profile *profile, struct buffer *words)
{
    double value = measure(condition, model, profile);

    if (condition->kind == VALUE_PERCENT) {
        value = profile->total_ns == 0
                    ? 0
                    : 100 * value / (double)profile->total_ns;
    }
    say(condition, value, false, words);
    return compare(condition, value);
}

bool
condition_holds_of_change(const struct condition *condition,
                          const struct profile_diff *diff, struct buffer *words)
{
    double before =
        measure(condition, diff->sides[0].model, diff->sides[0].profile);
    double value =
        measure(condition, diff->sides[1].model, diff->sides[1].profile)
        - before;

    if (condition->kind == VALUE_PERCENT && value != 0) {
        value = before == 0 ? INFINITY : 100 * value / before;
    }
    say(condition, value, true, words);
    return compare(condition, value);
}
