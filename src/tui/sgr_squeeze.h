// SPDX-License-Identifier: Apache-2.0
/*
 * tui/sgr_squeeze.h - the same picture with fewer attribute sequences.
 *
 * ncurses sets each colour by a sequence of its own and resets everything in
 * between; that is most of the bytes of a timeline. Here sequences that follow
 * each other become one, which says only what changes for the next character.
 * Everything else passes as it is. From the first attribute on that is not
 * understood (colours as red, green and blue) nothing is changed any more.
 */
#ifndef TUI_SGR_SQUEEZE_H
#define TUI_SGR_SQUEEZE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

enum { SGR_COLOUR_DEFAULT = -1 };

struct sgr_style {
    int foreground; /* 0 to 255, or SGR_COLOUR_DEFAULT */
    int background;
    unsigned attributes; /* a bit for each of SGR 1 to 9 */
};

/* Lasts from frame to frame. Begins with sgr_squeeze_forget. */
struct sgr_squeeze {
    struct sgr_style wanted; /* as the bytes so far say */
    struct sgr_style sent;   /* as the terminal knows */
    bool is_known;           /* sent is true */
    bool is_plain_set;       /* G0 is ASCII and in use */
    bool is_off;             /* an attribute was not understood */
    bool has_off_codes;      /* SGR 22 to 29 end attributes one by one */
};

/* The terminal's state is not known, or not any more. */
void sgr_squeeze_forget(struct sgr_squeeze *squeeze);

/* Append whole frames of bytes to out. */
void sgr_squeeze_append(struct sgr_squeeze *squeeze, struct buffer *out,
                        const char *bytes, size_t size);

#endif
