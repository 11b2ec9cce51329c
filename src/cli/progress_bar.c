// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_bar.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "cli/console.h"
#include "cli/launcher_signals.h"

enum {
    PATIENCE_NS = 500000000, /* before it is shown */
    STEP_NS = 100000000,     /* between two drawings */
    BAR_COLUMNS_MAX = 40,
    BAR_COLUMNS_MIN = 5,
    NUMBER_COLUMNS = 4, /* "100%" */
    USUAL_COLUMNS = 80,
};

static bool
is_possible(const struct console *console)
{
    const char *terminal = getenv("TERM");

    return !console->is_quiet && isatty(fileno(console->stream))
           && terminal != NULL && terminal[0] != '\0'
           && strcmp(terminal, "dumb") != 0;
}

void
progress_bar_begin(struct progress_bar *bar, const struct console *console)
{
    *bar = (struct progress_bar){
        .stream = is_possible(console) ? console->stream : NULL,
        .has_colour = console->has_colour,
        .start_ns = clock_monotonic_ns(),
    };
}

static unsigned
count_columns(FILE *stream)
{
    struct winsize size = {0};

    return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0
               ? size.ws_col
               : USUAL_COLUMNS;
}

static void
append_bar(struct buffer *line, unsigned columns, unsigned percent)
{
    unsigned filled = columns * percent / 100;

    buffer_append_char(line, '[');
    for (unsigned i = 0; i < columns; i++) {
        buffer_append_char(line, i < filled ? '#' : '.');
    }
    buffer_append_text(line, "] ");
}

void
progress_bar_append(struct buffer *line, const char *label, unsigned columns,
                    uint64_t done, uint64_t total)
{
    double share = total == 0 ? 0 : (double)done / (double)total;
    unsigned percent = share >= 1 ? 100 : (unsigned)(share * 100);
    size_t label_columns = strlen(label) + 1;
    /* the last column stays free: some terminals wrap behind it */
    size_t room = columns > NUMBER_COLUMNS ? columns - NUMBER_COLUMNS - 1 : 0;

    if (columns <= NUMBER_COLUMNS) {
        return;
    }
    if (label_columns <= room) {
        buffer_append_format(line, "%s ", label);
        room -= label_columns;
        if (total > 0 && room >= BAR_COLUMNS_MIN + 3) { /* "[" and "] " */
            room -= 3;
            append_bar(
                line, room < BAR_COLUMNS_MAX ? (unsigned)room : BAR_COLUMNS_MAX,
                percent);
        }
    }
    if (total == 0) {
        buffer_append_text(line, " ...");
    } else {
        buffer_append_format(line, "%3u%%", percent);
    }
}

bool
progress_bar_is_due(const struct progress_bar *bar, uint64_t now_ns)
{
    return bar->stream != NULL && now_ns - bar->start_ns >= PATIENCE_NS
           && (bar->drawn_ns == 0 || now_ns - bar->drawn_ns >= STEP_NS);
}

static void
print(const struct progress_bar *bar, const struct buffer *text)
{
    if (buffer_is_ok(text)) {
        (void)fwrite(text->data, 1, text->size, bar->stream);
        (void)fflush(bar->stream);
    }
}

static bool
report(void *context, uint64_t done, uint64_t total)
{
    static const char lead[] = "viztracer: ";
    struct progress_bar *bar = context;
    uint64_t now_ns = clock_monotonic_ns();
    struct buffer text = {0};
    unsigned columns;

    if (progress_bar_is_due(bar, now_ns)) {
        columns = count_columns(bar->stream);
        buffer_append_text(&text, "\r");
        if (columns > 2 * sizeof lead) {
            buffer_append_format(&text, "%s%s%s",
                                 bar->has_colour ? "\x1b[1m" : "", lead,
                                 bar->has_colour ? "\x1b[0m" : "");
            columns -= (unsigned)(sizeof lead - 1);
        }
        progress_bar_append(&text, bar->label, columns, done, total);
        buffer_append_text(&text, "\x1b[K");
        print(bar, &text);
        bar->drawn_ns = now_ns;
        buffer_release(&text);
    }
    return !launcher_signals_want_end();
}

struct progress
progress_bar_of(struct progress_bar *bar, const char *label)
{
    bar->label = label;
    return (struct progress){.report = report, .context = bar};
}

void
progress_bar_hide(struct progress_bar *bar)
{
    struct buffer text = {0};

    if (bar->drawn_ns != 0) {
        buffer_append_text(&text, "\r\x1b[K");
        print(bar, &text);
        bar->drawn_ns = 0;
        buffer_release(&text);
    }
}
