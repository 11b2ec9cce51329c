// SPDX-License-Identifier: Apache-2.0
#include "tui/fuzzy.h"

#include <stddef.h>

enum {
    TEXT_BYTES_MAX = 1024, /* of a text that are looked at */
    SCORE_WORD = 8,        /* at the start of a word */
    SCORE_ROW = 6,         /* behind the letter before */
    SCORE_START = 4,       /* at the start of the text */
    GAP_MAX = 3,           /* costs no more however long it is */
};

static char
fold(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;
}

static bool
is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9') || byte < 0;
}

static bool
starts_word(const char *text, size_t at)
{
    return is_word(text[at])
           && (at == 0 || !is_word(text[at - 1])
               || (text[at] >= 'A' && text[at] <= 'Z'
                   && !(text[at - 1] >= 'A' && text[at - 1] <= 'Z')));
}

static const char *
skip_blanks(const char *pattern)
{
    while (*pattern == ' ') {
        pattern++;
    }
    return pattern;
}

static int
score_at(const char *text, size_t at, size_t gap)
{
    int score = starts_word(text, at) ? SCORE_WORD : 0;

    if (at == 0) {
        score += SCORE_START;
    }
    if (gap == 0) {
        return score + SCORE_ROW;
    }
    return score - (gap < GAP_MAX ? (int)gap : GAP_MAX);
}

/* Take each letter where it occurs next, the first one at `start`. */
static bool
match_from(const char *pattern, const char *text, size_t start, int *score)
{
    size_t last = start;
    size_t at = start;

    *score = 0;
    for (pattern = skip_blanks(pattern); *pattern != '\0';
         pattern = skip_blanks(pattern + 1)) {
        while (at < TEXT_BYTES_MAX && text[at] != '\0'
               && fold(text[at]) != fold(*pattern)) {
            at++;
        }
        if (at >= TEXT_BYTES_MAX || text[at] == '\0') {
            return false;
        }
        *score += score_at(text, at, at == start ? 1 : at - last - 1);
        last = at++;
    }
    return true;
}

bool
fuzzy_match(const char *pattern, const char *text, int *score)
{
    bool is_match = false;

    pattern = skip_blanks(pattern);
    *score = 0;
    if (*pattern == '\0') {
        return true;
    }
    for (size_t i = 0; i < TEXT_BYTES_MAX && text[i] != '\0'; i++) {
        int this_score;

        if (fold(text[i]) != fold(*pattern)) {
            continue;
        }
        if (!match_from(pattern, text, i, &this_score)) {
            break; /* nor from any later place */
        }
        if (!is_match || this_score > *score) {
            *score = this_score;
        }
        is_match = true;
    }
    return is_match;
}
