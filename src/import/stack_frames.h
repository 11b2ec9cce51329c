// SPDX-License-Identifier: Apache-2.0
/*
 * import/stack_frames.h - the stacks that samples and events speak of.
 *
 * A frame is a name below another frame; equal stacks are one frame, their
 * innermost. A trace names its frames by keys, which it may do before it says
 * what they are; so a stack is referred to until all was read.
 */
#ifndef IMPORT_STACK_FRAMES_H
#define IMPORT_STACK_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"

struct error;
struct intern_table;
struct keyed_frame;

enum {
    STACK_DEPTH_MAX = 1024, /* frames of a stack; others are not looked at */
    STACK_NONE = 0,
};

/* A reference to a stack, or STACK_NONE. */
typedef uint32_t stack_reference;

struct stack_frames {
    struct intern_table *names;  /* the caller's: of all names in the file */
    struct intern_table *keys;   /* owned */
    struct intern_table *frames; /* owned; of struct stack_frame */
    struct keyed_frame *keyed;   /* by key; owned */
    size_t keyed_count;
    size_t keyed_capacity;
    uint32_t *path; /* scratch: of keys; owned */
};

struct stack_frame {
    uint32_t caller; /* a frame; UINT32_MAX = it is the outermost */
    uint32_t name;   /* in names */
};

bool stack_frames_init(struct stack_frames *frames, struct intern_table *names,
                       struct error *err);

/* Say what a key is: its name and the key of its caller (no text = none). */
bool stack_frames_define(struct stack_frames *frames, struct text_span key,
                         struct text_span name, struct text_span caller,
                         struct error *err);

/* Refer to the stack of a key, and of a list of names as JSON, the innermost
 * first. */
bool stack_frames_of_key(struct stack_frames *frames, struct text_span key,
                         stack_reference *reference, struct error *err);
bool stack_frames_of_list(struct stack_frames *frames, struct text_span list,
                          stack_reference *reference, struct error *err);

/* The innermost frame of a stack; UINT32_MAX when it was never defined. */
bool stack_frames_find(struct stack_frames *frames, stack_reference reference,
                       uint32_t *frame, struct error *err);

struct stack_frame stack_frames_at(const struct stack_frames *frames,
                                   uint32_t frame);

void stack_frames_release(struct stack_frames *frames);

#endif
