// SPDX-License-Identifier: Apache-2.0
/* The times of a query: "12ms", "50%", "12ms..15ms". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number_parse.h"
#include "model/query_terms.h"

enum { TIME_SIZE = 64 }; /* bytes of a time, at most */

static bool
set_bad_time(const char *text, size_t column, struct error *err)
{
    return error_set(err, ERROR_BAD_INPUT,
                     "column %zu: '%.*s' is no time: write 12ms (ns us ms s"
                     " min h) or 50%%",
                     column, TIME_SIZE, text);
}

/* "12.5%": digits as in other numbers, and no more than all. */
static bool
parse_share(const char *text, size_t size, double *share)
{
    char digits[TIME_SIZE];
    char *end;

    if (strspn(text, "0123456789.") != size || size == 0) {
        return false;
    }
    memcpy(digits, text, size);
    digits[size] = '\0';
    *share = strtod(digits, &end) / 100;
    return *end == '\0' && *share <= 1;
}

bool
query_time_parse(struct query_time *time, const char *text, size_t *column,
                 struct error *err)
{
    size_t size = strlen(text);
    struct query_time parsed = {0};

    if (size >= TIME_SIZE) {
        return set_bad_time(text, *column, err);
    }
    if (size > 0 && text[size - 1] == '%') {
        parsed.is_share = true;
        if (!parse_share(text, size - 1, &parsed.share)) {
            return error_set(err, ERROR_BAD_INPUT,
                             "column %zu: '%s' is no share: write 0%% to 100%%",
                             *column, text);
        }
    } else if (!number_parse_duration(text, &parsed.ns)) {
        return set_bad_time(text, *column, err);
    }
    *time = parsed;
    return true;
}

uint64_t
query_time_ns(const struct query_time *time, uint64_t duration_ns)
{
    double ns;

    if (!time->is_share) {
        return time->ns;
    }
    ns = round((double)duration_ns * time->share);
    return ns >= (double)duration_ns ? duration_ns : (uint64_t)ns;
}

bool
query_range_parse(struct query_range *range, const char *text, size_t *column,
                  struct error *err)
{
    const char *dots = strstr(text, "..");
    struct query_range parsed = {0};
    char start[TIME_SIZE];
    size_t size = dots == NULL ? strlen(text) : (size_t)(dots - text);

    if (size >= sizeof start
        || (dots != NULL && size == 0 && dots[2] == '\0')) {
        return set_bad_time(text, *column, err);
    }
    memcpy(start, text, size);
    start[size] = '\0';
    if ((dots == NULL || size > 0)
        && !query_time_parse(&parsed.start, start, column, err)) {
        return false;
    }
    if (dots == NULL) {
        parsed.end = parsed.start;
        parsed.is_moment = true;
    } else if (dots[2] != '\0') {
        size_t end_column = *column + size + 2;

        parsed.has_end = true;
        if (!query_time_parse(&parsed.end, dots + 2, &end_column, err)) {
            *column = end_column;
            return false;
        }
        if (parsed.start.is_share == parsed.end.is_share
            && (parsed.start.is_share ? parsed.start.share > parsed.end.share
                                      : parsed.start.ns > parsed.end.ns)) {
            return error_set(err, ERROR_BAD_INPUT,
                             "column %zu: '%s' ends before it starts", *column,
                             text);
        }
    }
    *range = parsed;
    return true;
}

void
query_range_ns(const struct query_range *range, uint64_t duration_ns,
               uint64_t *start_ns, uint64_t *end_ns)
{
    *start_ns = query_time_ns(&range->start, duration_ns);
    *end_ns = UINT64_MAX;
    if (range->is_moment) {
        *end_ns = *start_ns < UINT64_MAX ? *start_ns + 1 : UINT64_MAX;
    } else if (range->has_end) {
        *end_ns = query_time_ns(&range->end, duration_ns);
    }
}
