// SPDX-License-Identifier: Apache-2.0
/* Patterns and names are UTF-8 whatever the locale of the program is. */
#include "model/name_pattern.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/array.h"
#include "base/error.h"
#include "base/utf8.h"

enum {
    REPEATS_MAX = 255, /* of all {n} of a pattern, multiplied */
    REASON_SIZE = 128,
};

struct name_pattern {
    regex_t regex;
    locale_t locale; /* 0 = the system has no C.UTF-8: the program's own */
};

/* The characters of plain text that mean something in an expression. */
static void
quote(char *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\^$.[]|()?*+{}", *text) != NULL) {
            *out++ = '\\';
        }
        *out++ = *text;
    }
    *out = '\0';
}

/* \W and \S are no capital letters. */
static bool
has_capital(const char *text, locale_t locale)
{
    size_t size = strlen(text);
    bool is_quoted = false;

    for (size_t i = 0; i < size;) {
        uint32_t character;

        i += utf8_decode(text + i, size - i, &character);
        if (!is_quoted && character != UTF8_INVALID
            && (locale == (locale_t)0
                    ? iswupper((wint_t)character)
                    : iswupper_l((wint_t)character, locale))) {
            return true;
        }
        is_quoted = !is_quoted && character == '\\';
    }
    return false;
}

/* The larger number in "{2,5}", at least 1; *text moves behind it. */
static uint64_t
repeats_of(const char **text)
{
    uint64_t most = 1;
    uint64_t number = 0;

    for (; **text != '\0' && **text != '}'; (*text)++) {
        number = isdigit((unsigned char)**text) && number <= REPEATS_MAX
                     ? number * 10 + (uint64_t)(**text - '0')
                     : 0;
        most = number > most ? number : most;
    }
    return most;
}

/* What the system's expressions would take far too long, or much memory, for.
 * Counting also what stands in brackets does no harm. */
static bool
check_cost(const char *text, struct error *err)
{
    uint64_t repeats = 1;

    for (; *text != '\0'; text++) {
        if (*text == '\\' && text[1] != '\0') {
            text++;
            if (*text >= '1' && *text <= '9') {
                return error_set(err, ERROR_BAD_INPUT,
                                 "back references are not supported");
            }
        } else if (*text == '{') {
            repeats *= repeats_of(&text);
            if (repeats > REPEATS_MAX) {
                return error_set(err, ERROR_BAD_INPUT,
                                 "the pattern repeats too often");
            }
            if (*text == '\0') {
                return true; /* not closed: the system says so */
            }
        }
    }
    return true;
}

static bool
set_reason(int code, const regex_t *regex, struct error *err)
{
    char reason[REASON_SIZE];

    if (code == REG_ESPACE) {
        return error_set_no_memory(err);
    }
    (void)regerror(code, regex, reason, sizeof reason);
    reason[0] = (char)tolower((unsigned char)reason[0]);
    return error_set(err, ERROR_BAD_INPUT, "%s", reason);
}

/* Switch to UTF-8; returns what to go back to. */
static locale_t
enter_locale(const struct name_pattern *pattern)
{
    return uselocale(pattern->locale);
}

static bool
compile(struct name_pattern *pattern, const char *text, struct error *err)
{
    int flags = REG_EXTENDED | REG_NOSUB;
    locale_t before;
    int code;

    if (!has_capital(text, pattern->locale)) {
        flags |= REG_ICASE;
    }
    before = enter_locale(pattern);
    code = regcomp(&pattern->regex, text, flags);
    (void)uselocale(before);
    return code == 0 || set_reason(code, &pattern->regex, err);
}

static void
free_locale(const struct name_pattern *pattern)
{
    if (pattern->locale != (locale_t)0) {
        freelocale(pattern->locale);
    }
}

bool
name_pattern_compile(struct name_pattern **out, const char *text,
                     enum name_pattern_kind kind, struct error *err)
{
    char quoted[2 * NAME_PATTERN_SIZE + 1];
    struct name_pattern *pattern;

    if (strlen(text) > NAME_PATTERN_SIZE) {
        return error_set(err, ERROR_BAD_INPUT,
                         "the pattern is longer than %d bytes",
                         NAME_PATTERN_SIZE);
    }
    if (kind == NAME_PATTERN_TEXT) {
        quote(quoted, text);
        text = quoted;
    }
    if (!check_cost(text, err)) {
        return false;
    }
    pattern = array_new(1, sizeof *pattern, err);
    if (pattern == NULL) {
        return false;
    }
    errno = 0;
    pattern->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if ((pattern->locale == (locale_t)0 && errno == ENOMEM
         && !error_set_no_memory(err))
        || !compile(pattern, text, err)) {
        free_locale(pattern);
        free(pattern);
        return false;
    }
    *out = pattern;
    return true;
}

void
name_pattern_free(struct name_pattern *pattern)
{
    if (pattern != NULL) {
        regfree(&pattern->regex);
        free_locale(pattern);
        free(pattern);
    }
}

bool
name_pattern_matches(const struct name_pattern *pattern, const char *name,
                     size_t size)
{
    regmatch_t range = {
        .rm_eo =
            (regoff_t)(size < NAME_PATTERN_LOOK ? size : NAME_PATTERN_LOOK),
    };
    locale_t before = enter_locale(pattern);
    int code = regexec(&pattern->regex, name, 0, &range, REG_STARTEND);

    (void)uselocale(before);
    return code == 0;
}
