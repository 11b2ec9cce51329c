// SPDX-License-Identifier: Apache-2.0
#include "tui/sgr_squeeze.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

enum {
    ESCAPE = 0x1B,
    SHIFT_OUT = 0x0E,
    SHIFT_IN = 0x0F, /* back to G0 */
    NUMBERS_MAX = 16,
    NUMBER_MAX = 10000,
    SEQUENCE_MAX = 128, /* more than all that there can be in one */
};

static const char use_ascii[] = "\x1b(B";
static const struct sgr_style plain = {SGR_COLOUR_DEFAULT, SGR_COLOUR_DEFAULT,
                                       0};

void
sgr_squeeze_forget(struct sgr_squeeze *squeeze)
{
    *squeeze = (struct sgr_squeeze){
        .wanted = plain,
        .is_off = squeeze->is_off,
        .has_off_codes = squeeze->has_off_codes,
    };
}

/* The numbers of "1;38;5;16"; none is 0. False when there is anything else in
 * it, or too many. */
static bool
parse_numbers(const char *text, size_t size, int *numbers, size_t *count)
{
    *count = 1;
    numbers[0] = 0;
    for (size_t i = 0; i < size; i++) {
        int *number = &numbers[*count - 1];

        if (text[i] == ';') {
            if (*count == NUMBERS_MAX) {
                return false;
            }
            numbers[(*count)++] = 0;
        } else if (text[i] < '0' || text[i] > '9' || *number > NUMBER_MAX) {
            return false;
        } else {
            *number = *number * 10 + (text[i] - '0');
        }
    }
    return true;
}

/* 38;5;N and 48;5;N. Returns how many numbers were taken; 0 = it is another
 * kind of colour. */
static size_t
apply_indexed(struct sgr_style *style, const int *numbers, size_t count)
{
    if (count < 3 || numbers[1] != 5 || numbers[2] > 255) {
        return 0;
    }
    if (numbers[0] == 38) {
        style->foreground = numbers[2];
    } else {
        style->background = numbers[2];
    }
    return 3;
}

/* One of the eight colours, of the eight bright ones, or the default: 30 to
 * 37, 90 to 97 and 39 for the foreground. */
static bool
apply_basic(int *colour, int number)
{
    if (number >= 30 && number <= 37) {
        *colour = number - 30;
    } else if (number >= 90 && number <= 97) {
        *colour = number - 90 + 8;
    } else if (number == 39) {
        *colour = SGR_COLOUR_DEFAULT;
    } else {
        return false;
    }
    return true;
}

static bool
apply_number(struct sgr_style *style, int number)
{
    if (number == 0) {
        *style = plain;
    } else if (number <= 9) {
        style->attributes |= 1u << number;
    } else if (number == 10) {
        return true; /* the first font, which is the only one in use */
    } else if (number == 22) {
        style->attributes &= ~(1u << 1 | 1u << 2);
    } else if (number >= 23 && number <= 29) {
        style->attributes &= ~(1u << (number - 20));
    } else {
        return apply_basic(&style->foreground, number)
               || apply_basic(&style->background, number - 10);
    }
    return true;
}

/* What a style is behind a sequence. False when it is not understood. */
static bool
apply(struct sgr_style *style, const char *text, size_t size)
{
    struct sgr_style next = *style;
    int numbers[NUMBERS_MAX];
    size_t count;

    if (!parse_numbers(text, size, numbers, &count)) {
        return false;
    }
    for (size_t i = 0; i < count;) {
        size_t taken = 1;

        if (numbers[i] == 38 || numbers[i] == 48) {
            taken = apply_indexed(&next, numbers + i, count - i);
        } else if (!apply_number(&next, numbers[i])) {
            taken = 0;
        }
        if (taken == 0) {
            return false;
        }
        i += taken;
    }
    *style = next;
    return true;
}

/* A sequence that is being made. */
struct sequence {
    char text[SEQUENCE_MAX];
    size_t size;
};

static void
add_number(struct sequence *sequence, int number)
{
    bool is_first =
        sequence->size == 0 || sequence->text[sequence->size - 1] == '[';
    int size =
        snprintf(sequence->text + sequence->size, SEQUENCE_MAX - sequence->size,
                 "%s%d", is_first ? "" : ";", number);

    sequence->size += (size_t)size;
}

/* base is 30 or 40. */
static void
add_colour(struct sequence *sequence, int base, int colour)
{
    if (colour == SGR_COLOUR_DEFAULT) {
        add_number(sequence, base + 9);
    } else if (colour < 8) {
        add_number(sequence, base + colour);
    } else {
        add_number(sequence, base + 8);
        add_number(sequence, 5);
        add_number(sequence, colour);
    }
}

/* The numbers that make attributes end. Bold and dim end together. */
static void
add_ends(struct sequence *sequence, struct sgr_style *from, unsigned wanted)
{
    const unsigned both = 1u << 1 | 1u << 2;

    if ((from->attributes & ~wanted & both) != 0) {
        add_number(sequence, 22);
        from->attributes &= ~both;
    }
    for (int i = 3; i <= 9; i++) {
        if ((from->attributes & ~wanted & 1u << i) != 0) {
            add_number(sequence, 20 + i);
            from->attributes &= ~(1u << i);
        }
    }
}

/* The sequence that leads from one style to another, by way of a reset or
 * without. */
static struct sequence
make_sequence(struct sgr_style from, const struct sgr_style *wanted,
              bool is_reset)
{
    struct sequence sequence = {.text = "\x1b[", .size = 2};

    if (is_reset) {
        from = plain;
        if (memcmp(wanted, &plain, sizeof plain) != 0) {
            add_number(&sequence, 0);
        }
    } else {
        add_ends(&sequence, &from, wanted->attributes);
    }
    for (int i = 1; i <= 9; i++) {
        if ((wanted->attributes & ~from.attributes & 1u << i) != 0) {
            add_number(&sequence, i);
        }
    }
    if (wanted->foreground != from.foreground) {
        add_colour(&sequence, 30, wanted->foreground);
    }
    if (wanted->background != from.background) {
        add_colour(&sequence, 40, wanted->background);
    }
    sequence.text[sequence.size++] = 'm';
    return sequence;
}

/* Bring the terminal to what is wanted, the shorter way. */
static void
sync(struct sgr_squeeze *squeeze, struct buffer *out)
{
    const struct sgr_style *wanted = &squeeze->wanted;
    const struct sgr_style *sent = &squeeze->sent;
    struct sequence best;

    if (squeeze->is_known && memcmp(wanted, sent, sizeof *sent) == 0) {
        return;
    }
    best = make_sequence(*sent, wanted, true);
    if (squeeze->is_known
        && (squeeze->has_off_codes
            || (sent->attributes & ~wanted->attributes) == 0)) {
        struct sequence other = make_sequence(*sent, wanted, false);

        best = other.size < best.size ? other : best;
    }
    buffer_append(out, best.text, best.size);
    squeeze->sent = *wanted;
    squeeze->is_known = true;
}

/* The size of the sequence that begins with ESC at bytes; all that is left
 * when it does not end. */
static size_t
sequence_size(const char *bytes, size_t size)
{
    size_t i = 2;

    if (size < 2) {
        return size;
    }
    if (bytes[1] == '[') {
        while (i < size && (bytes[i] < 0x40 || bytes[i] > 0x7E)) {
            i++;
        }
        return i < size ? i + 1 : size;
    }
    i = 1;
    while (i < size && bytes[i] >= 0x20 && bytes[i] <= 0x2F) {
        i++;
    }
    return i < size ? i + 1 : size;
}

/* Whether a control sequence only moves the cursor. */
static bool
is_move(const char *bytes, size_t size)
{
    return size > 2 && bytes[1] == '['
           && strchr("ABCDGHd", bytes[size - 1]) != NULL;
}

/* Where the sequence at bytes only sets attributes or the character set, take
 * it in; it is sent when it matters. */
static bool
take_in(struct sgr_squeeze *squeeze, const char *bytes, size_t size)
{
    bool is_graphics = size > 2 && bytes[1] == '[' && bytes[size - 1] == 'm';

    if (is_graphics && !apply(&squeeze->wanted, bytes + 2, size - 3)) {
        squeeze->is_off = true;
        return false;
    }
    return is_graphics
           || (squeeze->is_plain_set && size == 3
               && memcmp(bytes, use_ascii, 3) == 0);
}

/* ESC at bytes: returns the size of its sequence. */
static size_t
take_sequence(struct sgr_squeeze *squeeze, struct buffer *out,
              const char *bytes, size_t left)
{
    size_t size = sequence_size(bytes, left);

    if (take_in(squeeze, bytes, size)) {
        return size;
    }
    if (!is_move(bytes, size)) {
        sync(squeeze, out);
    }
    if (size > 1 && (bytes[1] == '(' || bytes[1] == ')')) {
        squeeze->is_plain_set = memcmp(bytes, use_ascii, size) == 0;
    }
    buffer_append(out, bytes, size);
    return size;
}

/* A control or a printable character. */
static void
take_byte(struct sgr_squeeze *squeeze, struct buffer *out, char byte)
{
    if (byte == SHIFT_IN && squeeze->is_plain_set) {
        return;
    }
    if (byte == SHIFT_IN || byte == SHIFT_OUT) {
        squeeze->is_plain_set = byte == SHIFT_IN;
    } else if (byte != '\r' && byte != '\b') {
        sync(squeeze, out);
    }
    buffer_append_char(out, byte);
}

void
sgr_squeeze_append(struct sgr_squeeze *squeeze, struct buffer *out,
                   const char *bytes, size_t size)
{
    size_t i = 0;

    while (i < size && !squeeze->is_off) {
        if (bytes[i] == ESCAPE) {
            i += take_sequence(squeeze, out, bytes + i, size - i);
        } else {
            take_byte(squeeze, out, bytes[i++]);
        }
    }
    if (!squeeze->is_off) {
        sync(squeeze, out);
    }
    buffer_append(out, bytes + i, size - i);
}
