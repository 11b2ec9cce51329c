// SPDX-License-Identifier: Apache-2.0
#include "model/recording_facts.h"

#include "base/buffer.h"
#include "base/text.h"
#include "format/clock_map.h"
#include "format/reader.h"
#include "model/model_data.h"

/* Reading noise is some parts per million, and so is what NTP does all the
 * time; clocks that are being set right are slewed by up to 500. */
enum { CLOCK_SPREAD_SHOWN_PPM = 50 };

static const struct trace_section *
section_of(const struct trace_model *model, size_t process)
{
    return model->sections[model->process_sections[process]].section;
}

/* How long calls were open in a track. */
static uint64_t
busy_time(const struct trace_model *model, size_t track)
{
    const struct model_block *blocks = track_blocks(model, (uint32_t)track);
    uint64_t busy_ns = 0;

    for (size_t i = 0; i < model->streams[track].block_count; i++) {
        busy_ns += blocks[i].depth > 0 ? blocks[i].cells[0].busy_ns : 0;
    }
    return busy_ns;
}

/* Files are not trusted: nothing is so large that sums could overflow. */
static uint64_t
bounded(double number)
{
    return number < 0x1p61 ? (uint64_t)number : UINT64_C(1) << 61;
}

static void
add_process(struct recording_cost *cost, const struct trace_model *model,
            size_t index)
{
    const struct trace_section *section = section_of(model, index);
    const struct model_process *process = &model->processes[index];
    double ps = (double)section->header.event_cost_ps;
    double rate = (double)section->header.ticks_per_second;
    uint64_t events = 2 * (process->call_count + section->status.dropped_calls);

    if (ps == 0 || rate == 0 || events == 0) {
        return;
    }
    cost->event_ns += ps / 1000 * (double)events; /* a sum, until all are in */
    cost->event_count += events;
    cost->flush_ns =
        bounded((double)cost->flush_ns
                + (double)section->status.flush_ticks / rate * 1e9);
    for (size_t i = 0; i < process->track_count; i++) {
        cost->busy_ns += busy_time(model, process->first_track + i);
    }
}

struct recording_cost
recording_cost(const struct trace_model *model)
{
    struct recording_cost cost = {0};

    for (size_t i = 0; i < model->process_count; i++) {
        add_process(&cost, model, i);
    }
    cost.total_ns = bounded(cost.event_ns) + cost.flush_ns;
    if (cost.event_count > 0) {
        cost.event_ns /= (double)cost.event_count;
    }
    return cost;
}

double
recording_clock_spread_ppm(const struct trace_model *model)
{
    double worst = 0;

    for (size_t i = 0; i < model->clock_count; i++) {
        double spread = clock_map_spread(model->clocks[i]) * 1e6;

        worst = spread > worst ? spread : worst;
    }
    return worst;
}

static void
append_cost(struct buffer *out, const struct recording_cost *cost,
            bool is_ascii)
{
    char total[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];

    buffer_append_format(
        out,
        "the recorder took about %.1f ns an event, and %s with writing: %s of "
        "the time in calls. It measured this while it ran; what the "
        "interpreter takes to call it comes on top, and is often more\n",
        cost->event_ns,
        text_duration(total, sizeof total, cost->total_ns, is_ascii),
        text_percent(share, sizeof share,
                     cost->total_ns < cost->busy_ns ? cost->total_ns
                                                    : cost->busy_ns,
                     cost->busy_ns));
}

void
recording_facts_append(struct buffer *out, const struct trace_model *model,
                       bool is_ascii)
{
    struct recording_cost cost = recording_cost(model);
    double spread = recording_clock_spread_ppm(model);

    if (cost.event_count > 0 && cost.busy_ns > 0) {
        append_cost(out, &cost, is_ascii);
    }
    if (spread >= CLOCK_SPREAD_SHOWN_PPM) {
        buffer_append_format(out,
                             "the rate of the recording clock varied by %.0f "
                             "parts per million; times follow the system's "
                             "clock (CLOCK_MONOTONIC)\n",
                             spread);
    }
}
