// SPDX-License-Identifier: Apache-2.0
#include "tui/info_lines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "format/sanitise.h"
#include "model/flow_query.h"
#include "model/process_facts.h"
#include "model/recording_facts.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/label.h"
#include "tui/text_wrap.h"
#include "tui/time_text.h"
#include "tui/viewer.h"

enum {
    FACT_SIZE = 4096, /* more of a command line is cut */
    FACT_CELLS = 12,
    NAME_CELLS_MAX = 16, /* of a thread or process in a table */
    WIDE_NAME_CELLS_MAX = 40,
    WRAP_MAX = 100, /* sentences are not longer on a wide screen */
};

/* What is being written. */
struct info_writer {
    struct info_lines *lines;
    const struct viewer *viewer;
    unsigned width;
    bool has_failed;
    bool is_ascii;
};

static void
put(struct info_writer *writer, enum info_line_kind kind, const char *text,
    size_t size)
{
    struct info_lines *lines = writer->lines;
    struct info_line line = {.offset = lines->text.size, .kind = kind};
    unsigned width;

    if (writer->has_failed
        || !array_reserve((void **)&lines->lines, &lines->capacity,
                          lines->count + 1, sizeof *lines->lines, NULL)) {
        writer->has_failed = true;
        return;
    }
    sanitise_append(&lines->text, text, size);
    buffer_append_char(&lines->text, '\0');
    if (!buffer_is_ok(&lines->text)) {
        writer->has_failed = true;
        return;
    }
    lines->lines[lines->count++] = line;
    width = label_width(lines->text.data + line.offset);
    lines->width = width > lines->width ? width : lines->width;
}

static void put_format(struct info_writer *writer, enum info_line_kind kind,
                       const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

static void
put_format(struct info_writer *writer, enum info_line_kind kind,
           const char *format, ...)
{
    char text[FACT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(writer, kind, text, strlen(text));
}

static void
put_title(struct info_writer *writer, const char *title)
{
    if (writer->lines->count > 0) {
        put(writer, INFO_TEXT, "", 0);
    }
    put_format(writer, INFO_TITLE, " %s", title);
}

/* "command     python3 app.py"; an empty value is left out. */
static void
put_fact(struct info_writer *writer, const char *name, const char *value)
{
    if (value[0] != '\0') {
        put_format(writer, INFO_TEXT, "  %-*s%s", FACT_CELLS, name, value);
    }
}

/* A sentence, wrapped. */
static void
put_sentence(struct info_writer *writer, enum info_line_kind kind,
             const char *text)
{
    unsigned cells = writer->width < WRAP_MAX ? writer->width : WRAP_MAX;
    struct buffer clean = {0};
    const char *begin = "- ";
    const char *rest;
    size_t size;
    size_t skip;

    sanitise_append(&clean, text, strlen(text));
    writer->has_failed |= !buffer_is_ok(&clean);
    rest = buffer_is_ok(&clean) && clean.size > 0 ? clean.data : "";
    while ((size = text_wrap(rest, cells > 8 ? cells - 4 : 4, &skip)) > 0) {
        put_format(writer, kind, "  %s%.*s", begin, (int)size, rest);
        begin = "  ";
        rest += skip;
    }
    buffer_release(&clean);
}

static const char *
duration(const struct info_writer *writer, char text[TEXT_NUMBER_SIZE],
         uint64_t ns)
{
    return text_duration(text, TEXT_NUMBER_SIZE, ns, writer->is_ascii);
}

/* The arguments with blanks between; those with blanks inside in quotes. */
static const char *
write_command(const struct process_facts *facts, char text[FACT_SIZE])
{
    const char *argument = facts->arguments;
    size_t used = 0;

    text[0] = '\0';
    for (uint32_t i = 0; i < facts->argument_count && used < FACT_SIZE; i++) {
        const char *quote =
            strchr(argument, ' ') != NULL || *argument == '\0' ? "'" : "";

        used += (size_t)snprintf(text + used, FACT_SIZE - used, "%s%s%s%s",
                                 i == 0 ? "" : " ", quote, argument, quote);
        argument += strlen(argument) + 1;
    }
    return text;
}

/* "3.12.1 (main, ...)" in one line. */
static void
put_interpreter(struct info_writer *writer, const struct process_facts *facts)
{
    char text[FACT_SIZE];

    (void)snprintf(text, sizeof text, "%s%s%.*s", facts->executable,
                   facts->executable[0] != '\0' ? "  " : "",
                   (int)strcspn(facts->version, "\n"), facts->version);
    put_fact(writer, "interpreter", text);
}

static void
put_counts(struct info_writer *writer, const struct trace_summary *summary)
{
    const struct trace_model *model = writer->viewer->whole;
    size_t track_count = trace_model_track_count(model);
    size_t thread_count = trace_model_thread_count(model, 0, track_count);
    char others[TEXT_NUMBER_SIZE + 16] = "";
    size_t instants = trace_model_instant_count(model);
    char calls[TEXT_NUMBER_SIZE];
    char events[TEXT_NUMBER_SIZE];
    char functions[TEXT_NUMBER_SIZE];
    char text[FACT_SIZE];

    (void)snprintf(text, sizeof text, "%s calls of %s functions, %s events",
                   text_grouped(calls, sizeof calls, summary->call_count),
                   text_grouped(functions, sizeof functions,
                                trace_model_function_count(model)),
                   text_grouped(events, sizeof events, summary->event_count));
    put_fact(writer, "holds", text);
    if (thread_count < track_count) {
        (void)snprintf(others, sizeof others, ", %zu other row%s",
                       track_count - thread_count,
                       track_count - thread_count == 1 ? "" : "s");
    }
    (void)snprintf(text, sizeof text,
                   "%zu process%s, %zu thread%s%s, %zu counter%s, %s "
                   "instant%s",
                   trace_model_process_count(model),
                   trace_model_process_count(model) == 1 ? "" : "es",
                   thread_count, thread_count == 1 ? "" : "s", others,
                   trace_model_counter_count(model),
                   trace_model_counter_count(model) == 1 ? "" : "s",
                   text_grouped(events, sizeof events, instants),
                   instants == 1 ? "" : "s");
    put_fact(writer, "of", text);
}

/* Arrows between calls, and what is no arrow. */
static void
put_flows(struct info_writer *writer)
{
    struct flow_counts counts = trace_model_flow_counts(writer->viewer->whole);
    char number[TEXT_NUMBER_SIZE];
    struct buffer text = {0};

    if (counts.starts + counts.ends == 0) {
        return;
    }
    buffer_append_format(&text, "%s from call to call",
                         text_grouped(number, sizeof number, counts.arrows));
    if (counts.ends_alone > 0) {
        buffer_append_format(
            &text, "; %s %s no start",
            text_grouped(number, sizeof number, counts.ends_alone),
            counts.ends_alone == 1 ? "end has" : "ends have");
    }
    if (counts.no_call > 0) {
        buffer_append_format(
            &text, "; %s %s in no call",
            text_grouped(number, sizeof number, counts.no_call),
            counts.no_call == 1 ? "end lies" : "ends lie");
    }
    writer->has_failed |= !buffer_is_ok(&text);
    put_fact(writer, "flows", buffer_is_ok(&text) ? text.data : "");
    buffer_release(&text);
}

static void
put_recorded(struct info_writer *writer, const struct trace_summary *summary)
{
    const struct trace_model *model = writer->viewer->whole;
    struct process_facts facts = process_facts(model, 0);
    char text[FACT_SIZE];
    char date[TIME_TEXT_SIZE];
    char clock[TIME_TEXT_SIZE];

    put_title(writer, "What was recorded");
    put_fact(writer, "trace", writer->viewer->title);
    put_fact(writer, "command", write_command(&facts, text));
    put_fact(writer, "in", facts.directory);
    put_interpreter(writer, &facts);
    if (summary->has_wall_clock) {
        (void)snprintf(
            text, sizeof text, "%s %s UTC",
            time_text_date(date, summary->start_realtime_ns),
            time_text_clock(clock, summary->start_realtime_ns, 1000000));
        put_fact(writer, "began", text);
    }
    put_fact(writer, "lasted", duration(writer, text, summary->duration_ns));
    put_counts(writer, summary);
    put_flows(writer);
}

static bool
is_sound_end(enum process_end end)
{
    return end == PROCESS_END_FINISHED || end == PROCESS_END_UNKNOWN
           || end == PROCESS_END_RUNNING;
}

static uint64_t
gap_time(const struct trace_model *model, size_t track)
{
    const struct model_gap *gaps = trace_model_gaps(model, track);
    uint64_t sum = 0;

    for (size_t i = 0; i < trace_model_track(model, track)->gap_count; i++) {
        sum += gaps[i].end_ns - gaps[i].start_ns;
    }
    return sum;
}

/* Columns of a table that are as wide as what stands in them. */
struct info_columns {
    unsigned name;
    unsigned calls;
};

static void
widen(const struct info_writer *writer, struct info_columns *columns,
      const char *name, uint64_t call_count)
{
    unsigned most =
        writer->width >= WIDE_SCREEN ? WIDE_NAME_CELLS_MAX : NAME_CELLS_MAX;
    unsigned name_cells = label_width(name);
    char calls[TEXT_NUMBER_SIZE];
    unsigned call_cells =
        (unsigned)strlen(text_grouped(calls, sizeof calls, call_count));

    name_cells = name_cells < most ? name_cells : most;
    columns->name = columns->name > name_cells ? columns->name : name_cells;
    columns->calls = columns->calls > call_cells ? columns->calls : call_cells;
}

static const struct info_columns narrow_columns = {
    .name = sizeof "NAME" - 1,
    .calls = sizeof "CALLS" - 1,
};

/* "-" for a process that the trace has no number of. */
static const char *
write_pid(const struct model_process *process, char text[TEXT_NUMBER_SIZE])
{
    if (process->has_pid) {
        (void)snprintf(text, TEXT_NUMBER_SIZE, "%" PRIu32, process->pid);
        return text;
    }
    return "-";
}

/* "4243  worker-1  63  14.78 ms  1  killed by SIGKILL". */
static void
put_process(struct info_writer *writer, const struct info_columns *columns,
            size_t index)
{
    const struct model_process *process =
        trace_model_process(writer->viewer->whole, index);
    char name[LABEL_SIZE];
    char length[TEXT_NUMBER_SIZE];
    char calls[TEXT_NUMBER_SIZE];
    char pid[TEXT_NUMBER_SIZE];
    unsigned cells;

    (void)label_cut_middle(name, &writer->viewer->theme, process->name,
                           columns->name);
    cells = label_width(name);
    put_format(writer, is_sound_end(process->end) ? INFO_TEXT : INFO_WARNING,
               "  %7s  %s%*s  %*s  %10s  %7zu  %s", write_pid(process, pid),
               name, (int)(columns->name - cells), "", (int)columns->calls,
               text_grouped(calls, sizeof calls, process->call_count),
               duration(writer, length, process->end_ns - process->start_ns),
               trace_model_thread_count(writer->viewer->whole,
                                        process->first_track,
                                        process->track_count),
               process->end_text);
}

static void
put_processes(struct info_writer *writer)
{
    const struct trace_model *model = writer->viewer->whole;
    size_t count = trace_model_process_count(model);
    struct info_columns columns = narrow_columns;

    for (size_t i = 0; i < count; i++) {
        const struct model_process *process = trace_model_process(model, i);

        widen(writer, &columns, process->name, process->call_count);
    }
    put_title(writer, "Processes, and how they ended");
    put_format(writer, INFO_TEXT, "  %7s  %-*s  %*s  %10s  %7s  %s", "PID",
               (int)columns.name, "NAME", (int)columns.calls, "CALLS", "LASTED",
               "THREADS", "END");
    for (size_t i = 0; i < count; i++) {
        put_process(writer, &columns, i);
    }
}

static const char *
write_thread_id(const struct model_track *track, char text[TEXT_NUMBER_SIZE])
{
    (void)snprintf(text, TEXT_NUMBER_SIZE, "-");
    if (model_track_is_thread(track) && track->has_thread_id) {
        (void)snprintf(text, TEXT_NUMBER_SIZE, "%" PRIu64, track->thread_id);
    }
    return text;
}

/* What is missing of a thread, with its share of all its calls. */
static void
put_track(struct info_writer *writer, const struct info_columns *columns,
          size_t index)
{
    const struct trace_model *model = writer->viewer->whole;
    const struct model_track *track = trace_model_track(model, index);
    bool is_whole = track->lost_calls == 0 && track->gap_count == 0;
    char name[LABEL_SIZE];
    char calls[TEXT_NUMBER_SIZE];
    char lost[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];
    char gaps[TEXT_NUMBER_SIZE];
    char pid[TEXT_NUMBER_SIZE];
    char thread_id[TEXT_NUMBER_SIZE];
    unsigned cells;

    (void)label_cut_middle(name, &writer->viewer->theme, track->name,
                           columns->name);
    cells = label_width(name);
    put_format(writer, is_whole ? INFO_TEXT : INFO_WARNING,
               "  %7s %7s  %s%*s  %*s  %10s  %6s  %10s  %5" PRIu32,
               write_pid(trace_model_process(model, track->process), pid),
               write_thread_id(track, thread_id), name,
               (int)(columns->name - cells), "", (int)columns->calls,
               text_grouped(calls, sizeof calls, track->call_count),
               text_grouped(lost, sizeof lost, track->lost_calls),
               track->lost_calls == 0
                   ? "0%"
                   : text_percent(share, sizeof share, track->lost_calls,
                                  track->lost_calls + track->call_count),
               track->gap_count == 0
                   ? "-"
                   : duration(writer, gaps, gap_time(model, index)),
               track->depth);
}

static void
put_tracks(struct info_writer *writer)
{
    const struct trace_model *model = writer->viewer->whole;
    size_t count = trace_model_track_count(model);
    struct info_columns columns = narrow_columns;

    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct model_track *track = trace_model_track(model, i);

        widen(writer, &columns, track->name, track->call_count);
    }
    put_title(writer, "Threads, and what is missing of them");
    put_format(writer, INFO_TEXT, "  %7s %7s  %-*s  %*s  %10s  %6s  %10s  %5s",
               "PID", "TID", (int)columns.name, "NAME", (int)columns.calls,
               "CALLS", "LOST CALLS", "SHARE", "LOST TIME", "DEPTH");
    for (size_t i = 0; i < count; i++) {
        put_track(writer, &columns, i);
    }
}

/* What the recording was told to keep. */
static void
put_limits(struct info_writer *writer, const struct process_facts *facts)
{
    char number[TEXT_NUMBER_SIZE];
    char text[FACT_SIZE];

    if (facts->status.call_limit > 0) {
        (void)snprintf(
            text, sizeof text, "the latest %s calls of a process",
            text_grouped(number, sizeof number, facts->status.call_limit));
        put_fact(writer, "keeps", text);
    }
    if (facts->status.limit_bytes > 0) {
        (void)snprintf(
            text, sizeof text, "at most %s of a process",
            text_size(number, sizeof number, facts->status.limit_bytes));
        put_fact(writer, "keeps", text);
    }
}

static void
put_losses(struct info_writer *writer, const struct trace_summary *summary)
{
    struct process_facts facts = process_facts(writer->viewer->whole, 0);
    char number[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];
    char text[FACT_SIZE];

    put_title(writer, "What is missing");
    put_limits(writer, &facts);
    (void)snprintf(
        text, sizeof text, "%s calls, %s of all",
        text_grouped(number, sizeof number, summary->lost_calls),
        summary->lost_calls == 0
            ? "0%"
            : text_percent(share, sizeof share, summary->lost_calls,
                           summary->lost_calls + summary->call_count));
    put_fact(writer, "lost", text);
    (void)snprintf(
        text, sizeof text, "%s %s open where the trace ends",
        text_grouped(number, sizeof number, summary->unfinished_calls),
        summary->unfinished_calls == 1 ? "call was" : "calls were");
    put_fact(writer, "unfinished", text);
    if (summary->mismatched_returns > 0) {
        (void)snprintf(
            text, sizeof text, "%s returns of another call than the open one",
            text_grouped(number, sizeof number, summary->mismatched_returns));
        put_fact(writer, "mismatched", text);
    }
}

static void
put_cost(struct info_writer *writer)
{
    const struct trace_model *model = writer->viewer->whole;
    struct recording_cost cost = recording_cost(model);
    char number[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];
    char text[FACT_SIZE];

    put_title(writer, "What recording cost");
    if (cost.event_count == 0) {
        put_sentence(writer, INFO_TEXT,
                     "no process says what its recorder took");
        return;
    }
    (void)snprintf(text, sizeof text, "%.1f ns, a mean over %s of them",
                   cost.event_ns,
                   text_grouped(number, sizeof number, cost.event_count));
    put_fact(writer, "an event", text);
    (void)snprintf(text, sizeof text, "%s in writing it to the file",
                   duration(writer, number, cost.flush_ns));
    put_fact(writer, "writing", text);
    (void)snprintf(text, sizeof text, "%s, %s of the time in calls",
                   duration(writer, number, cost.total_ns),
                   cost.busy_ns == 0 ? "0%"
                                     : text_percent(share, sizeof share,
                                                    cost.total_ns < cost.busy_ns
                                                        ? cost.total_ns
                                                        : cost.busy_ns,
                                                    cost.busy_ns));
    put_fact(writer, "in all", text);
    put_sentence(writer, INFO_TEXT,
                 "the recorder measured this while it ran; what the "
                 "interpreter takes to call it comes on top, and is often "
                 "more");
    (void)snprintf(text, sizeof text,
                   "the rate of the recording clock varied by %.0f parts per "
                   "million; times follow the system's clock",
                   recording_clock_spread_ppm(model));
    put_sentence(writer, INFO_TEXT, text);
}

static void
put_sizes(struct info_writer *writer, const struct trace_summary *summary)
{
    double calls = summary->call_count == 0 ? 1 : (double)summary->call_count;
    char number[TEXT_NUMBER_SIZE];
    char text[FACT_SIZE];

    put_title(writer, "Sizes");
    (void)snprintf(text, sizeof text, "%s, %.2f bytes a call",
                   text_size(number, sizeof number, summary->file_bytes),
                   (double)summary->file_bytes / calls);
    put_fact(writer, "file", text);
    (void)snprintf(text, sizeof text,
                   "%s of the viewer's index, %.2f bytes a call",
                   text_size(number, sizeof number, summary->index_bytes),
                   (double)summary->index_bytes / calls);
    put_fact(writer, "memory", text);
}

static void
put_notes(struct info_writer *writer)
{
    const struct viewer *viewer = writer->viewer;
    size_t count = trace_model_note_count(viewer->whole);

    put_title(writer, "Notes");
    if (count == 0 && viewer->note_count == 0) {
        put_sentence(writer, INFO_TEXT,
                     "there is nothing to say: the trace is whole");
    }
    for (size_t i = 0; i < count; i++) {
        put_sentence(writer, INFO_WARNING, trace_model_note(viewer->whole, i));
    }
    for (size_t i = 0; i < viewer->note_count; i++) {
        put_sentence(writer, INFO_WARNING, viewer->notes[i]);
    }
}

/* What libraries wrote while the screen was up, line by line. */
static void
put_library_text(struct info_writer *writer)
{
    const struct buffer *text = &writer->viewer->library_text;
    const char *line = text->data;
    const char *end;

    if (text->size == 0) {
        return;
    }
    end = text->data + text->size;
    put_title(writer, "Written to standard error meanwhile");
    while (line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t size = (size_t)((stop == NULL ? end : stop) - line);

        put_format(writer, INFO_TEXT, "  %.*s",
                   size < FACT_SIZE ? (int)size : FACT_SIZE - 4, line);
        line += size + 1;
    }
}

/* Each process that has a command of its own, when there are several. */
static void
put_commands(struct info_writer *writer)
{
    const struct trace_model *model = writer->viewer->whole;
    size_t count = trace_model_process_count(model);
    char text[FACT_SIZE];
    char pid[TEXT_NUMBER_SIZE];

    if (count < 2) {
        return;
    }
    put_title(writer, "Commands");
    for (size_t i = 0; i < count; i++) {
        struct process_facts facts = process_facts(model, i);

        put_format(writer, INFO_TEXT, "  %8s  %s",
                   write_pid(trace_model_process(model, i), pid),
                   write_command(&facts, text));
    }
}

bool
info_lines_build(struct info_lines *lines, const struct viewer *viewer,
                 unsigned width, struct error *err)
{
    struct trace_summary summary = trace_model_summary(viewer->whole);
    struct info_writer writer = {
        .lines = lines,
        .viewer = viewer,
        .width = width,
        .is_ascii = viewer->theme.is_ascii,
    };

    buffer_clear(&lines->text);
    lines->count = 0;
    lines->width = 0;
    put_recorded(&writer, &summary);
    put_notes(&writer);
    put_library_text(&writer);
    put_processes(&writer);
    put_losses(&writer, &summary);
    put_tracks(&writer);
    put_cost(&writer);
    put_sizes(&writer, &summary);
    put_commands(&writer);
    return !writer.has_failed || error_set_no_memory(err);
}

void
info_lines_release(struct info_lines *lines)
{
    buffer_release(&lines->text);
    free(lines->lines);
    *lines = (struct info_lines){0};
}

const char *
info_lines_text(const struct info_lines *lines, size_t index)
{
    return lines->text.data + lines->lines[index].offset;
}

size_t
info_lines_find(const struct info_lines *lines, enum info_line_kind kind,
                size_t index)
{
    for (size_t i = index; i < lines->count; i++) {
        if (lines->lines[i].kind == kind) {
            return i;
        }
    }
    return SIZE_MAX;
}
