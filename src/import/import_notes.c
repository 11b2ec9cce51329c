// SPDX-License-Identifier: Apache-2.0
#include "import/import_notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "import/import_losses.h"

struct reason {
    const char *many;
    const char *one;
};

static const struct reason loss_reasons[] = {
#define IMPORT_REASON(name, many, one) {many, one},
    IMPORT_LOSS_TABLE(IMPORT_REASON)};

static const struct reason cut_reasons[] = {IMPORT_CUT_TABLE(IMPORT_REASON)
#undef IMPORT_REASON
};

bool
import_notes_add(struct import_notes *notes, struct error *err,
                 const char *format, ...)
{
    char text[ERROR_MESSAGE_SIZE];
    va_list arguments;
    char *line;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    line = strdup(text);
    if (line == NULL) {
        return error_set_no_memory(err);
    }
    if (!array_reserve((void **)&notes->lines, &notes->capacity,
                       notes->count + 1, sizeof *notes->lines, err)) {
        free(line);
        return false;
    }
    notes->lines[notes->count++] = line;
    return true;
}

static bool
add_reason(struct import_notes *notes, const char *path,
           const struct reason *reason, const char *behind, uint64_t count,
           struct error *err)
{
    char number[TEXT_NUMBER_SIZE];

    return count == 0
           || import_notes_add(notes, err, "%s: %s %s%s", path,
                               text_grouped(number, sizeof number, count),
                               count == 1 ? reason->one : reason->many, behind);
}

/* Kinds of events that are known and not shown. */
static const char *
meaning_of(unsigned char phase)
{
    switch (phase) {
    case 'c':
        return ", two clocks compared";
    case 'v':
        return ", memory of a process";
    case 'V':
        return ", memory of the machine";
    case '(':
    case ')':
        return ", a context of other events";
    case '=':
        return ", ids that mean the same";
    }
    return "";
}

static bool
add_unknown(struct import_notes *notes, const char *path, unsigned char phase,
            uint64_t count, struct error *err)
{
    char many[96];
    char one[96];
    const struct reason reason = {many, one};
    char name[8];

    if (phase > ' ' && phase < 0x7f) {
        (void)snprintf(name, sizeof name, "%c", phase);
    } else {
        (void)snprintf(name, sizeof name, "\\x%02x", phase);
    }
    (void)snprintf(many, sizeof many,
                   "events are of a kind that is not shown (\"ph\": \"%s\"%s)",
                   name, meaning_of(phase));
    (void)snprintf(one, sizeof one,
                   "event is of a kind that is not shown (\"ph\": \"%s\"%s)",
                   name, meaning_of(phase));
    return add_reason(notes, path, &reason, "", count, err);
}

bool
import_notes_add_losses(struct import_notes *notes, const char *path,
                        const struct import_losses *losses, struct error *err)
{
    for (size_t i = 0; i < IMPORT_LOSS_COUNT; i++) {
        if (!add_reason(notes, path, &loss_reasons[i], "; left out",
                        losses->lost[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < IMPORT_CUT_COUNT; i++) {
        if (!add_reason(notes, path, &cut_reasons[i], "", losses->cut[i],
                        err)) {
            return false;
        }
    }
    for (size_t i = 0; i < 256; i++) {
        if (!add_unknown(notes, path, (unsigned char)i, losses->unknown[i],
                         err)) {
            return false;
        }
    }
    return true;
}

void
import_notes_release(struct import_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->lines[i]);
    }
    free(notes->lines);
    *notes = (struct import_notes){0};
}
