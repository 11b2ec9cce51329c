// SPDX-License-Identifier: Apache-2.0
/* Any bytes may stand in a source file, in any encoding that it claims. */
#include <stdint.h>

#include "base/buffer.h"
#include "format/source_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer text = {0};

    source_text_decode(&text, (const char *)data, size);
    buffer_release(&text);
    return 0;
}
