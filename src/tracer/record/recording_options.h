// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/recording_options.h - what is to be recorded, and how it is
 * told.
 *
 * Whoever starts a recording says so in one text, "key=value key=value": the
 * viztracer command in the variable VIZTRACER_RECORD_OPTIONS, the package's
 * VizTracer as the result of its _options(). Keys that stand for 0 or nothing
 * may be left out; unknown ones are ignored, so that a newer launcher may say
 * more. Texts are written as base/percent.h does, lists with commas between.
 *
 *     limit_bytes=N      bound of the file of each process
 *     entries=N          keep the latest N calls of each process
 *     min_duration_ns=N  leave out calls that are shorter
 *     max_depth=N        leave out calls that are deeper; 0 records none
 *     include=A,B        only functions of these files and folders
 *     exclude=A,B        none of these; include and exclude exclude each other
 *     keep_descendants=1 a file filter judges each function by itself
 *     c_functions=0      no C functions
 *     include_startup=1  also what runs before the program's own code
 *     source=0           no text of source files
 *     args=0             no arguments of marks, text of print(), command line
 *     log_print=1        what print() writes becomes an instant, too
 *     processes=0        only the first process
 *     tracer=python      the recorder that is written in Python
 */
#ifndef TRACER_RECORD_RECORDING_OPTIONS_H
#define TRACER_RECORD_RECORDING_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"

struct error;

struct recording_options {
    uint64_t limit_bytes; /* 0 = the recorder's default */
    uint64_t entry_limit; /* 0 = no bound */
    uint64_t min_duration_ns;
    uint32_t depth_limit; /* UINT32_MAX = none */
    bool is_include;      /* what paths are; with no paths there is no filter */
    bool keeps_descendants;
    bool has_c_functions;
    bool has_startup;
    bool has_sources;
    bool has_args;
    bool logs_print;
    bool has_one_process;
    struct text_span *paths; /* path_count of them, owned with their bytes */
    size_t path_count;
    char *path_bytes; /* owned: what the paths point into */
};

/* Everything is recorded, without a bound. Owns nothing. */
struct recording_options recording_options_default(void);

/*
 * Read the text over the defaults; NULL is empty. False when there is no
 * memory, or a number cannot be read (the message names the key); *options
 * then is the default.
 */
bool recording_options_parse(struct recording_options *options,
                             const char *text, struct error *err);

/* Free what it owns; it is the default again. */
void recording_options_release(struct recording_options *options);

#endif
