// SPDX-License-Identifier: Apache-2.0
#include "export/text_sink.h"

#include "base/error.h"
#include "base/output_file.h"

enum { STEP_SIZE = 1 << 16 };

bool
text_sink_step(struct text_sink *sink, struct error *err)
{
    return sink->text.size < STEP_SIZE || text_sink_flush(sink, err);
}

bool
text_sink_flush(struct text_sink *sink, struct error *err)
{
    if (!buffer_is_ok(&sink->text)) {
        return error_set_no_memory(err);
    }
    if (!output_file_write(sink->file, sink->text.data, sink->text.size)) {
        return output_file_failure(sink->file, err);
    }
    buffer_clear(&sink->text);
    return true;
}
