// SPDX-License-Identifier: Apache-2.0
/* Any bytes may stand in a JSON file; what they become is a sound trace. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "format/reader.h"
#include "import/chrome_json.h"
#include "model/trace_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
open_import(const struct imported_trace *trace)
{
    const char *path = trace->path;
    struct trace_model *model = NULL;
    struct error err = {0};

    if (!trace_model_open(&model, &path, 1, NULL, &err)
        || trace_model_summary(model).mismatched_returns != 0) {
        fprintf(stderr, "%s: %s, %llu mismatched returns\n", path, err.message,
                model == NULL ? 0ull
                              : (unsigned long long)trace_model_summary(model)
                                    .mismatched_returns);
        abort();
    }
    trace_model_close(model);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct chrome_json_options options = {.run_size = 3};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    struct imported_trace trace;
    struct error err = {0};
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) == (ssize_t)size
        && chrome_json_import(&trace, path, &options, &err)) {
        open_import(&trace);
        imported_trace_release(&trace);
    }
    (void)close(fd);
    return 0;
}
