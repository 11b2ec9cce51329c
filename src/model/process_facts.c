// SPDX-License-Identifier: Apache-2.0
#include "model/process_facts.h"

#include "format/reader.h"
#include "model/model_data.h"
#include "model/time_axis.h"

struct process_facts
process_facts(const struct trace_model *model, size_t process)
{
    const struct model_section *place =
        &model->sections[model->process_sections[process]];
    const struct trace_section *section = place->section;
    double rate = (double)section->header.ticks_per_second;

    return (struct process_facts){
        .file = trace_file_path(place->file),
        .arguments = section->arguments,
        .argument_count = section->argument_count,
        .executable = section->executable,
        .directory = section->directory,
        .version = section->version,
        .section_bytes = section->size,
        .start_realtime_ns =
            section->header.anchor_realtime_ns >= WALL_CLOCK_MIN_NS
                ? section->header.anchor_realtime_ns
                : 0,
        .event_cost_ns = (double)section->header.event_cost_ps / 1000,
        .flush_ns = rate > 0 ? (uint64_t)((double)(section->status.flush_ticks
                                                   & (UINT64_MAX >> 8))
                                          / rate * 1e9)
                             : 0,
        .status = section->status,
    };
}
