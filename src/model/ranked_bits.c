// SPDX-License-Identifier: Apache-2.0
#include "model/ranked_bits.h"

#include <stdlib.h>

#include "base/array.h"

bool
ranked_bits_init(struct ranked_bits *bits, size_t count, struct error *err)
{
    /* One more word, so that the rank of the end needs no special case. */
    *bits = (struct ranked_bits){.word_count = count / 64 + 1};
    bits->words = array_new(bits->word_count, sizeof *bits->words, err);
    bits->ranks = array_new(bits->word_count, sizeof *bits->ranks, err);
    return bits->words != NULL && bits->ranks != NULL;
}

void
ranked_bits_release(struct ranked_bits *bits)
{
    free(bits->words);
    free(bits->ranks);
    *bits = (struct ranked_bits){0};
}

void
ranked_bits_count(struct ranked_bits *bits)
{
    size_t count = 0;

    for (size_t i = 0; i < bits->word_count; i++) {
        bits->ranks[i] = count;
        count += (size_t)__builtin_popcountll(bits->words[i]);
    }
}

/* The last word with at most rank bits before it that has one set. */
static size_t
find_word(const struct ranked_bits *bits, size_t rank)
{
    size_t low = 0;
    size_t high = bits->word_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (bits->ranks[middle] <= rank) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
ranked_bits_select(const struct ranked_bits *bits, size_t rank)
{
    size_t word = find_word(bits, rank);
    uint64_t left = bits->words[word];

    for (size_t i = bits->ranks[word]; i < rank; i++) {
        left &= left - 1;
    }
    return word * 64 + (size_t)__builtin_ctzll(left);
}
