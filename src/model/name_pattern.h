// SPDX-License-Identifier: Apache-2.0
/*
 * model/name_pattern.h - a pattern that names are matched with.
 *
 * A pattern is a POSIX extended regular expression, or plain text. It ignores
 * case unless it has a capital letter. Matching takes time that grows with the
 * name alone: there are no back references, repeats are limited, and only the
 * first NAME_PATTERN_LOOK bytes of a name are looked at.
 */
#ifndef MODEL_NAME_PATTERN_H
#define MODEL_NAME_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct name_pattern;

enum {
    NAME_PATTERN_SIZE = 512,  /* bytes that a pattern may have */
    NAME_PATTERN_LOOK = 1024, /* bytes of a name */
};

enum name_pattern_kind { NAME_PATTERN_REGEX, NAME_PATTERN_TEXT };

/* ERROR_BAD_INPUT says what is wrong with the pattern. The caller frees. */
bool name_pattern_compile(struct name_pattern **out, const char *text,
                          enum name_pattern_kind kind, struct error *err);

/* Accepts NULL. */
void name_pattern_free(struct name_pattern *pattern);

/* Whether some part of the name matches, which has a NUL behind its size
 * bytes. */
bool name_pattern_matches(const struct name_pattern *pattern, const char *name,
                          size_t size);

#endif
