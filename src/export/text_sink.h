// SPDX-License-Identifier: Apache-2.0
/*
 * export/text_sink.h - an output that is composed piece by piece.
 *
 * Pieces are appended to `text`, which is written out whenever it has grown, so
 * that memory does not depend on the size of the output. Private to exporters.
 */
#ifndef EXPORT_TEXT_SINK_H
#define EXPORT_TEXT_SINK_H

#include <stdbool.h>

#include "base/buffer.h"

struct error;
struct output_file;

struct text_sink {
    struct output_file *file;
    struct buffer text; /* owned: release it with buffer_release */
};

/* Write what is pending, if that is much. Call it between pieces. */
bool text_sink_step(struct text_sink *sink, struct error *err);

/* Write what is pending. */
bool text_sink_flush(struct text_sink *sink, struct error *err);

#endif
