// SPDX-License-Identifier: Apache-2.0
/*
 * The only file that knows curses. Input, modes and signals are not its
 * business: ncurses is given /dev/null to read, and its signal handlers are
 * taken away again.
 */
#include "tui/terminal.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_NOMACROS
#define GCC_PRINTFLIKE(format, first) /* it would name a banned function */
#include <curses.h>
#include <term.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/os.h"
#include "tui/screen.h"
#include "tui/sgr_squeeze.h"

enum {
    INDEX_COUNT = 256,         /* colours of a screen */
    CUBE_FIRST = 16,           /* 6 x 6 x 6 colours */
    GREY_FIRST = 232,          /* 24 greys */
    UPPER_HALF_BLOCK = 0x2580, /* up to FULL_BLOCK: parts from below */
    LOWER_HALF_BLOCK = 0x2584,
    FULL_BLOCK = 0x2588,
    BLOCK_RUN = 5,       /* of which a background costs less */
    DEFAULT_COLOUR = -1, /* of the terminal, to ncurses */
};

static const char begin_frame[] = "\x1b[?2026h"; /* shown as one, */
static const char end_frame[] = "\x1b[?2026l";   /* where that is known */

struct terminal {
    SCREEN *curses;
    FILE *in;
    FILE *out; /* a file in memory: bytes of the frame */
    unsigned width;
    unsigned height;
    unsigned colour_count;
    struct screen_cell *cells; /* what ncurses was told, row by row */
    cchar_t *row;
    struct buffer bytes; /* of a frame as ncurses wrote it */
    struct sgr_squeeze squeeze;
    bool is_blank; /* nothing was told yet */
};

struct rgb {
    int red;
    int green;
    int blue;
};

/* What xterm shows for an index; the first 16 may differ elsewhere. */
static struct rgb
rgb_of_index(unsigned colour)
{
    static const struct rgb system[] = {
        {0, 0, 0},       {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
        {0, 0, 238},     {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
        {127, 127, 127}, {255, 0, 0},   {0, 255, 0},   {255, 255, 0},
        {92, 92, 255},   {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
    };
    static const int levels[] = {0, 95, 135, 175, 215, 255};

    if (colour < CUBE_FIRST) {
        return system[colour];
    }
    if (colour < GREY_FIRST) {
        colour -= CUBE_FIRST;
        return (struct rgb){levels[colour / 36], levels[colour / 6 % 6],
                            levels[colour % 6]};
    }
    colour = 8 + 10 * (colour - GREY_FIRST);
    return (struct rgb){(int)colour, (int)colour, (int)colour};
}

/* A colour of a screen as ncurses counts those of the terminal. */
static int
colour_of(const struct terminal *terminal, unsigned colour)
{
    struct rgb rgb;

    if (colour >= INDEX_COUNT || colour >= terminal->colour_count) {
        return DEFAULT_COLOUR;
    }
    if (terminal->colour_count <= INDEX_COUNT || colour < 8) {
        return (int)colour;
    }
    /* A terminal of direct colours has a number for each of them. */
    rgb = rgb_of_index(colour);
    return rgb.red << 16 | rgb.green << 8 | rgb.blue;
}

/* Signals that ncurses would like to handle. */
static const int curses_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

enum { CURSES_SIGNAL_COUNT = sizeof curses_signals / sizeof curses_signals[0] };

/* Set a variable of the environment to a number, or back to what it was. */
static void
set_variable(const char *name, unsigned number)
{
    char text[sizeof "4294967295"];

    (void)snprintf(text, sizeof text, "%u", number);
    (void)setenv(name, text, 1);
}

static void
restore_variable(const char *name, char *before)
{
    if (before == NULL) {
        (void)unsetenv(name);
    } else {
        (void)setenv(name, before, 1);
        free(before);
    }
}

static char *
copy_variable(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? NULL : strdup(text);
}

/* newterm, without its signal handlers. It takes the size from $LINES and
 * $COLUMNS, which are often not those of this terminal, or from its type, which
 * may know of none: so it is told there. */
static SCREEN *
start_curses(struct terminal *terminal, const char *type)
{
    struct sigaction before[CURSES_SIGNAL_COUNT];
    char *height_before = copy_variable("LINES");
    char *width_before = copy_variable("COLUMNS");
    SCREEN *curses;

    set_variable("LINES", terminal->height);
    set_variable("COLUMNS", terminal->width);
    use_env(TRUE);
    use_tioctl(FALSE);
    for (size_t i = 0; i < CURSES_SIGNAL_COUNT; i++) {
        (void)sigaction(curses_signals[i], NULL, &before[i]);
    }
    curses = newterm(type, terminal->out, terminal->in);
    for (size_t i = 0; i < CURSES_SIGNAL_COUNT; i++) {
        (void)sigaction(curses_signals[i], &before[i], NULL);
    }
    restore_variable("LINES", height_before);
    restore_variable("COLUMNS", width_before);
    return curses;
}

/* Terminals that say no more than "xterm" and have more colours say so. */
static const char *
find_type(const char *type)
{
    const char *colour = getenv("COLORTERM");

    return strcmp(type, "xterm") == 0 && colour != NULL
                   && (strcmp(colour, "truecolor") == 0
                       || strcmp(colour, "24bit") == 0)
               ? "xterm-256color"
               : type;
}

/* The text of a capability; NULL when the terminal has it not. */
static const char *
capability(const char *name)
{
    const char *text = tigetstr(name);

    return text == (const char *)-1 ? NULL : text;
}

/* Whether this type is known, and its cursor can go anywhere. */
static bool
can_show_screens(const char *type, int fd)
{
    int status;
    bool is_able;

    if (setupterm(type, fd, &status) != OK) {
        return false;
    }
    is_able = capability("cup") != NULL && capability("clear") != NULL;
    (void)del_curterm(cur_term);
    return is_able;
}

/* Terminals that can end an underline can end the others as well. */
static bool
ends_attributes(void)
{
    const char *text = capability("rmul");

    return text != NULL && strcmp(text, "\x1b[24m") == 0;
}

static bool
open_streams(struct terminal *terminal, struct error *err)
{
    int fd = memfd_create("viztracer-frame", MFD_CLOEXEC);

    terminal->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (terminal->out == NULL && fd >= 0) {
        (void)close(fd);
    }
    terminal->in = fopen("/dev/null", "re");
    return (terminal->out != NULL && terminal->in != NULL)
           || error_set(err, ERROR_SYSTEM,
                        "cannot make a file in memory for the screen");
}

/* Drop what ncurses wrote into the file in memory. */
static bool
empty_stream(struct terminal *terminal)
{
    int fd = fileno(terminal->out);

    return fflush(terminal->out) == 0 && ftruncate(fd, 0) == 0
           && lseek(fd, 0, SEEK_SET) == 0;
}

/* ncurses takes the terminal at once, which terminal_append_enter does when it
 * is time. */
static bool
start(struct terminal *terminal, const char *type, struct error *err)
{
    if (!open_streams(terminal, err)) {
        return false;
    }
    /* Asked first, since newterm loses memory when it fails. */
    if (can_show_screens(find_type(type), fileno(terminal->out))) {
        terminal->curses = start_curses(terminal, find_type(type));
    }
    if (terminal->curses == NULL) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "TERM is \"%s\", which is no terminal that a screen "
                         "can be shown on",
                         type);
    }
    terminal->squeeze.has_off_codes = ends_attributes();
    (void)typeahead(-1);
    (void)nonl();
    (void)curs_set(0);
    (void)leaveok(stdscr, TRUE);
    if (has_colors() && start_color() == OK && use_default_colors() == OK
        && COLORS >= 8) {
        terminal->colour_count = (unsigned)COLORS;
    }
    return empty_stream(terminal)
           || error_set(err, ERROR_SYSTEM,
                        "cannot use a file in memory for the screen");
}

bool
terminal_new(struct terminal **out, const char *type, unsigned width,
             unsigned height, struct error *err)
{
    struct terminal *terminal = array_new(1, sizeof *terminal, err);

    if (terminal == NULL) {
        return false;
    }
    terminal->width = width;
    terminal->height = height;
    if (!start(terminal, type, err)
        || !terminal_resize(terminal, width, height, err)) {
        terminal_free(terminal);
        return false;
    }
    *out = terminal;
    return true;
}

void
terminal_free(struct terminal *terminal)
{
    if (terminal == NULL) {
        return;
    }
    if (terminal->curses != NULL) {
        (void)endwin();
        delscreen(terminal->curses);
    }
    if (terminal->out != NULL) {
        (void)fclose(terminal->out);
    }
    if (terminal->in != NULL) {
        (void)fclose(terminal->in);
    }
    buffer_release(&terminal->bytes);
    free(terminal->cells);
    free(terminal->row);
    free(terminal);
}

unsigned
terminal_colour_count(const struct terminal *terminal)
{
    return terminal->colour_count;
}

void
terminal_forget(struct terminal *terminal)
{
    terminal->is_blank = true;
    sgr_squeeze_forget(&terminal->squeeze);
    (void)clearok(curscr, TRUE);
}

bool
terminal_resize(struct terminal *terminal, unsigned width, unsigned height,
                struct error *err)
{
    struct screen_cell *cells =
        array_new((size_t)width * height, sizeof *cells, err);
    cchar_t *row = array_new((size_t)width + 1, sizeof *row, err);

    if (cells == NULL || row == NULL
        || resize_term((int)height, (int)width) != OK) {
        free(cells);
        free(row);
        return error_set_no_memory(err);
    }
    free(terminal->cells);
    free(terminal->row);
    terminal->cells = cells;
    terminal->row = row;
    terminal->width = width;
    terminal->height = height;
    terminal_forget(terminal);
    return true;
}

/* The pair of colours of a style, as ncurses counts them. */
static int
pair_of(const struct terminal *terminal, struct screen_style style)
{
    int foreground = colour_of(terminal, style.foreground);
    int background = colour_of(terminal, style.background);
    int pair = 0;

    if (foreground != DEFAULT_COLOUR || background != DEFAULT_COLOUR) {
        pair = alloc_pair(foreground, background);
    }
    return pair < 0 ? 0 : pair;
}

static attr_t
attributes_of(struct screen_style style)
{
    attr_t attributes = A_NORMAL;

    if ((style.attributes & SCREEN_BOLD) != 0) {
        attributes |= A_BOLD;
    }
    if ((style.attributes & SCREEN_DIM) != 0) {
        attributes |= A_DIM;
    }
    if ((style.attributes & SCREEN_REVERSE) != 0) {
        attributes |= A_REVERSE;
    }
    if ((style.attributes & SCREEN_UNDERLINE) != 0) {
        attributes |= A_UNDERLINE;
    }
    return attributes;
}

/* A character as ncurses takes it; "?" when the C library counts its columns
 * otherwise than we do, for ncurses would then lose its place. */
static void
set_character(cchar_t *out, const struct screen_cell *cell, attr_t attributes,
              int pair)
{
    wchar_t text[3] = {(wchar_t)cell->character[0], L'\0', L'\0'};

    if (wcwidth(text[0]) != cell->width) {
        text[0] = L'?';
    } else if (cell->character[1] != 0
               && wcwidth((wchar_t)cell->character[1]) == 0) {
        text[1] = (wchar_t)cell->character[1];
    }
    (void)setcchar(out, text, attributes, (short)0, &pair);
}

static const uint16_t seen_attributes = SCREEN_REVERSE | SCREEN_UNDERLINE;

/* Whether only the background of a cell is seen: a blank, or a character in
 * the colour of its background. */
static bool
is_only_background(const struct screen_cell *cell)
{
    return (cell->style.attributes & seen_attributes) == 0
           && (cell->character[0] == ' '
               || (cell->style.foreground == cell->style.background
                   && cell->style.background != SCREEN_DEFAULT_COLOUR
                   && cell->width == 1));
}

static bool
are_same_cells(const struct screen_cell *a, const struct screen_cell *b)
{
    return a->character[0] == b->character[0]
           && a->character[1] == b->character[1] && a->width == b->width
           && memcmp(&a->style, &b->style, sizeof a->style) == 0;
}

/* How many cells from this one on are the same, at most limit. left_count
 * cells follow it. */
static unsigned
count_same(const struct screen_cell *cell, unsigned left_count, unsigned limit)
{
    unsigned count = 1;

    while (count <= left_count && count < limit
           && are_same_cells(cell, cell + count)) {
        count++;
    }
    return count;
}

/* Whether a cell is better drawn as a background: a full block behind such a
 * background, or the first of a run of them. left_count cells follow it. */
static bool
is_block(const struct screen_cell *cell, unsigned left_count,
         const struct screen_style *left)
{
    if (cell->character[0] != FULL_BLOCK
        || cell->style.background != SCREEN_DEFAULT_COLOUR
        || cell->style.foreground == SCREEN_DEFAULT_COLOUR
        || cell->style.attributes != 0) {
        return false;
    }
    return left->background == cell->style.foreground
           || count_same(cell, left_count, BLOCK_RUN) == BLOCK_RUN;
}

/* Whether a background is better drawn as full blocks: a few cells of it
 * behind a part of a block in this colour, and no background behind them. */
static bool
is_short_background(const struct screen_cell *cell, unsigned left_count,
                    const struct screen_cell *left)
{
    unsigned count;

    if (left->character[0] <= UPPER_HALF_BLOCK
        || left->character[0] > FULL_BLOCK
        || left->style.background != SCREEN_DEFAULT_COLOUR
        || left->style.foreground != cell->style.background
        || (left->style.attributes & ~(unsigned)SCREEN_DIM) != 0) {
        return false;
    }
    count = count_same(cell, left_count, BLOCK_RUN);
    return count < BLOCK_RUN && count <= left_count
           && cell[count].style.background == SCREEN_DEFAULT_COLOUR;
}

/* The other half of a cell of two colours, when that has more in common with
 * what is on its left. */
static bool
is_better_turned(const struct screen_cell *cell,
                 const struct screen_style *left)
{
    uint16_t front = cell->style.foreground;
    uint16_t back = cell->style.background;

    return (cell->character[0] == UPPER_HALF_BLOCK
            || cell->character[0] == LOWER_HALF_BLOCK)
           && front != SCREEN_DEFAULT_COLOUR && back != SCREEN_DEFAULT_COLOUR
           && cell->style.attributes == 0
           && (left->foreground == back) + (left->background == front)
                  > (left->foreground == front) + (left->background == back);
}

static void
turn(struct screen_cell *cell)
{
    struct screen_style style = cell->style;

    cell->character[0] = cell->character[0] == UPPER_HALF_BLOCK
                             ? LOWER_HALF_BLOCK
                             : UPPER_HALF_BLOCK;
    cell->style.foreground = style.background;
    cell->style.background = style.foreground;
}

/* The cell that looks like this one and costs least behind what was drawn on
 * its left. left_count cells follow it. */
static struct screen_cell
cheapest_cell(const struct screen_cell *cell, unsigned left_count,
              const struct screen_cell *left)
{
    struct screen_cell cheap = *cell;

    if (is_better_turned(cell, &left->style)) {
        turn(&cheap);
        return cheap;
    }
    if (is_block(cell, left_count, &left->style)) {
        cheap.character[0] = ' ';
        cheap.style.background = cell->style.foreground;
    }
    if (!is_only_background(&cheap)) {
        return cheap;
    }
    cheap.character[0] = ' ';
    cheap.character[1] = 0;
    if (left->style.background == cheap.style.background
        && (left->style.attributes & seen_attributes) == 0) {
        cheap.style = left->style;
    } else if (is_short_background(cell, left_count, left)) {
        cheap.character[0] = FULL_BLOCK;
        cheap.style = (struct screen_style){cheap.style.background,
                                            SCREEN_DEFAULT_COLOUR, 0};
    } else {
        cheap.style.foreground = SCREEN_DEFAULT_COLOUR;
        cheap.style.attributes = 0;
    }
    return cheap;
}

/* Tell ncurses a row. */
static void
put_row(struct terminal *terminal, const struct screen *screen, unsigned y)
{
    struct screen_cell left = {.character = {' '},
                               .style = SCREEN_STYLE_DEFAULT};
    attr_t attributes = A_NORMAL;
    int pair = 0;
    size_t count = 0;
    unsigned width;

    for (unsigned x = 0; x < terminal->width; x += width) {
        const struct screen_cell cell = cheapest_cell(
            screen_at(screen, x, y), terminal->width - 1 - x, &left);

        if (memcmp(&cell.style, &left.style, sizeof left.style) != 0) {
            attributes = attributes_of(cell.style);
            pair = pair_of(terminal, cell.style);
        }
        left = cell;
        width = cell.width == 2 ? 2 : 1;
        set_character(&terminal->row[count++], &cell, attributes, pair);
        if (width == 2 && wcwidth((wchar_t)cell.character[0]) != 2) {
            set_character(&terminal->row[count++], &cell, attributes, pair);
        }
    }
    (void)mvwadd_wchnstr(stdscr, (int)y, 0, terminal->row, (int)count);
}

/* Tell ncurses the rows that differ from what it was told before. */
static void
put_rows(struct terminal *terminal, const struct screen *screen)
{
    for (unsigned y = 0; y < terminal->height; y++) {
        struct screen_cell *told = &terminal->cells[y * terminal->width];
        bool has_changed = terminal->is_blank;

        for (unsigned x = 0; x < terminal->width; x++) {
            const struct screen_cell *cell = screen_at(screen, x, y);

            has_changed = has_changed || !are_same_cells(cell, &told[x]);
            told[x] = *cell;
        }
        if (has_changed) {
            put_row(terminal, screen, y);
        }
    }
    terminal->is_blank = false;
}

/* ncurses limits scrolling to the rows that there were when it began. Take all
 * of them, however many there are now. */
static void
append_full_region(struct buffer *out)
{
    const char *region = capability("csr");

    if (region != NULL && strncmp(region, "\x1b[", 2) == 0) {
        buffer_append_text(out, "\x1b[r");
    }
}

/* Move what ncurses wrote from the file in memory to out. */
static bool
take_bytes(struct terminal *terminal, bool is_whole, struct buffer *out,
           struct error *err)
{
    int fd = fileno(terminal->out);
    off_t size;

    (void)fflush(terminal->out);
    size = lseek(fd, 0, SEEK_CUR);
    if (size <= 0) {
        return size == 0
               || error_set(err, ERROR_SYSTEM, "the frame in memory is lost");
    }
    buffer_append_text(out, begin_frame);
    if (is_whole) {
        append_full_region(out);
    }
    buffer_clear(&terminal->bytes);
    if (!buffer_reserve(&terminal->bytes, (size_t)size)) {
        return error_set_no_memory(err);
    }
    if (os_read_at(fd, terminal->bytes.data, (size_t)size, 0) != size) {
        return error_set(err, ERROR_SYSTEM, "the frame in memory is lost");
    }
    sgr_squeeze_append(&terminal->squeeze, out, terminal->bytes.data,
                       (size_t)size);
    buffer_append_text(out, end_frame);
    if (!empty_stream(terminal)) {
        return error_set(err, ERROR_SYSTEM, "the frame in memory is lost");
    }
    return buffer_is_ok(out) || error_set_no_memory(err);
}

bool
terminal_draw(struct terminal *terminal, const struct screen *screen,
              struct buffer *out, struct error *err)
{
    bool is_whole;

    if (screen_width(screen) != terminal->width
        || screen_height(screen) != terminal->height) {
        return error_set(err, ERROR_USAGE,
                         "a screen of %ux%u for a terminal of %ux%u",
                         screen_width(screen), screen_height(screen),
                         terminal->width, terminal->height);
    }
    is_whole = terminal->is_blank;
    put_rows(terminal, screen);
    if (wnoutrefresh(stdscr) != OK || doupdate() != OK) {
        return error_set_no_memory(err);
    }
    return take_bytes(terminal, is_whole, out, err);
}

/* A capability without the padding that terminfo writes as $<5>. */
static void
append_capability(struct buffer *out, const char *name)
{
    const char *text = capability(name);

    while (text != NULL && *text != '\0') {
        const char *end =
            text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end != NULL) {
            text = end + 1;
        } else {
            buffer_append_char(out, *text++);
        }
    }
}

void
terminal_append_leave(const struct terminal *terminal, struct buffer *out)
{
    (void)terminal; /* the one that there is */
    append_capability(out, "sgr0");
    append_capability(out, "op");
    append_capability(out, "cnorm");
    append_capability(out, "rmkx");
    append_full_region(out);
    if (capability("rmcup") == NULL) {
        /* The screen stays: go below what is on it. */
        buffer_append_text(out, "\r\x1b[999B\n");
    }
    append_capability(out, "rmcup");
}

void
terminal_append_enter(struct terminal *terminal, struct buffer *out)
{
    append_capability(out, "smcup");
    append_capability(out, "civis");
    terminal_forget(terminal);
}
