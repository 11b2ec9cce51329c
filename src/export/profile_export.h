// SPDX-License-Identifier: Apache-2.0
/*
 * export/profile_export.h - what all formats made of sums have in common.
 */
#ifndef EXPORT_PROFILE_EXPORT_H
#define EXPORT_PROFILE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "export/exporter.h"
#include "export/text_sink.h"
#include "model/scope_profile.h"

/* What is written, and of what. */
struct profile_output {
    struct text_sink sink;
    const struct trace_model *model;
    struct scope_profile profile; /* with a tree, if the format wants one */
    uint64_t entry_count;         /* that were written: the format counts */
};

/* Sum up what the options want, and have write put it into the file. */
bool profile_export(struct output_file *file, const struct trace_model *model,
                    const struct export_options *options, bool has_tree,
                    bool (*write)(struct profile_output *output,
                                  struct error *err),
                    struct error *err);

#endif
