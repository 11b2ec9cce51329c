// SPDX-License-Identifier: Apache-2.0
/*
 * One function for each state takes one byte. All state is in struct
 * tty_input; what a whole sequence means stands in tty_sequence.c.
 */
#include "tui/tty_input.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/key.h"
#include "tui/tty_sequence.h"

enum {
    BYTE_BELL = 0x07,
    BYTE_CANCEL = 0x18,
    BYTE_SUBSTITUTE = 0x1A,
    BYTE_ESCAPE = 0x1B,
    BYTE_DELETE = 0x7F,
    C1_FIRST = 0x80, /* C1 controls: ESC and a byte, in one character */
    C1_LAST = 0x9F,
};

static const char paste_end[] = "\x1b[201~";

void
tty_input_init(struct tty_input *input, unsigned escape_ms)
{
    *input = (struct tty_input){.escape_ms = escape_ms};
}

static void
put_event(struct tty_input *input, struct tty_event event)
{
    assert(input->count < TTY_EVENTS_MAX);
    input->events[(input->first + input->count) % TTY_EVENTS_MAX] = event;
    input->count++;
}

static void
put_key(struct tty_input *input, unsigned key)
{
    put_event(input, (struct tty_event){.kind = TTY_EVENT_KEY, .key = key});
}

static void
go_to(struct tty_input *input, enum tty_input_state state)
{
    input->state = state;
    input->size = 0;
    input->is_overlong = false;
}

static void
go_to_ground(struct tty_input *input)
{
    go_to(input, TTY_GROUND);
    input->has_meta = false;
}

/* A key, with the ESC that stood before it, ends whatever was being read. */
static void
end_with_key(struct tty_input *input, unsigned key)
{
    put_key(input, input->has_meta ? key | KEY_META : key);
    go_to_ground(input);
}

/* A sequence that is no key ends. An ESC before its own ESC was the Esc
 * key. */
static void
end_sequence(struct tty_input *input)
{
    if (input->has_meta) {
        put_key(input, KEY_ESCAPE);
    }
    go_to_ground(input);
}

static void
end_sequence_with_key(struct tty_input *input, unsigned key)
{
    if (key == KEY_NONE) {
        end_sequence(input);
    } else {
        end_with_key(input, key);
    }
}

static void
end_sequence_with_mouse(struct tty_input *input, struct mouse_event mouse)
{
    end_sequence(input);
    if (mouse.kind == MOUSE_RELEASE && mouse.button == MOUSE_BUTTON_NONE) {
        mouse.button = input->button;
    }
    if (mouse.kind == MOUSE_PRESS) {
        input->button = mouse.button;
    } else if (mouse.kind == MOUSE_RELEASE) {
        input->button = MOUSE_BUTTON_NONE;
    }
    put_event(input,
              (struct tty_event){.kind = TTY_EVENT_MOUSE, .mouse = mouse});
}

static void
keep(struct tty_input *input, unsigned char byte)
{
    if (input->size == TTY_SEQUENCE_MAX) {
        input->is_overlong = true;
    } else {
        input->sequence[input->size++] = (char)byte;
    }
}

/* ESC and CAN and SUB end a sequence wherever it is. */
static bool
take_break(struct tty_input *input, unsigned char byte)
{
    if (byte != BYTE_ESCAPE && byte != BYTE_CANCEL && byte != BYTE_SUBSTITUTE) {
        return false;
    }
    end_sequence(input);
    if (byte == BYTE_ESCAPE) {
        go_to(input, TTY_ESCAPE);
    }
    return true;
}

static void take_ground(struct tty_input *input, unsigned char byte);

/* The byte behind an ESC; true when it begins a sequence. */
static bool
begin_sequence(struct tty_input *input, unsigned char byte)
{
    switch (byte) {
    case '[':
        go_to(input, TTY_CSI);
        return true;
    case 'O':
        go_to(input, TTY_SS3);
        return true;
    case 'P': /* DCS */
    case 'X': /* SOS */
    case ']': /* OSC */
    case '^': /* PM */
    case '_': /* APC */
        end_sequence(input);
        go_to(input, TTY_STRING);
        input->is_command = byte == ']';
        input->reply_size = 0;
        return true;
    default:
        return false;
    }
}

static void
take_escape(struct tty_input *input, unsigned char byte)
{
    if (byte == BYTE_ESCAPE) {
        if (input->has_meta) { /* the first of three was the key */
            put_key(input, KEY_ESCAPE);
        }
        input->has_meta = true; /* two: Esc twice, or rxvt's Alt */
        return;
    }
    if (begin_sequence(input, byte)) {
        return;
    }
    if (input->has_meta) {
        put_key(input, KEY_ESCAPE);
    }
    input->has_meta = true;
    go_to(input, TTY_GROUND);
    take_ground(input, byte);
}

static size_t
character_size(unsigned char lead)
{
    return lead < 0xC2   ? 0
           : lead < 0xE0 ? 2
           : lead < 0xF0 ? 3
           : lead < 0xF5 ? 4
                         : 0;
}

/* A whole character of UTF-8, or bytes that only look like one. */
static void
end_character(struct tty_input *input)
{
    uint32_t character;
    size_t size = utf8_decode(input->sequence, input->size, &character);

    if (size != input->size || character == UTF8_INVALID) {
        go_to_ground(input);
    } else if (character >= C1_FIRST && character <= C1_LAST) {
        if (!begin_sequence(input, (unsigned char)(character - 0x40))) {
            go_to_ground(input);
        }
    } else if (utf8_width(character) < 0) {
        go_to_ground(input);
    } else {
        end_with_key(input, character);
    }
}

static void
take_character(struct tty_input *input, unsigned char byte)
{
    if ((byte & 0xC0) != 0x80) { /* the character before is cut short */
        go_to_ground(input);
        take_ground(input, byte);
        return;
    }
    keep(input, byte);
    if (input->size == character_size((unsigned char)input->sequence[0])) {
        end_character(input);
    }
}

static void
take_ground(struct tty_input *input, unsigned char byte)
{
    if (byte == BYTE_ESCAPE) {
        go_to(input, TTY_ESCAPE);
    } else if (byte < KEY_SPACE || byte == BYTE_DELETE) {
        end_with_key(input, tty_sequence_control(byte));
    } else if (byte < 0x80) {
        end_with_key(input, byte);
    } else if (character_size(byte) > 0) {
        go_to(input, TTY_CHARACTER);
        keep(input, byte);
    } else {
        go_to_ground(input);
    }
}

static void
begin_paste(struct tty_input *input)
{
    end_sequence(input);
    input->state = TTY_PASTE;
    input->paste_size = 0;
}

static void
end_csi(struct tty_input *input, char final)
{
    struct mouse_event mouse;
    unsigned key;

    if (input->is_overlong) {
        end_sequence(input);
        return;
    }
    switch (
        tty_sequence_csi(input->sequence, input->size, final, &key, &mouse)) {
    case TTY_SEQUENCE_UNKNOWN:
        end_sequence(input);
        break;
    case TTY_SEQUENCE_KEY:
        end_with_key(input, key);
        break;
    case TTY_SEQUENCE_MOUSE:
        end_sequence_with_mouse(input, mouse);
        break;
    case TTY_SEQUENCE_ATTRIBUTES:
        put_event(input, (struct tty_event){.kind = TTY_EVENT_ATTRIBUTES});
        end_sequence(input);
        break;
    case TTY_SEQUENCE_FOCUS_IN:
        end_sequence(input);
        put_event(input, (struct tty_event){.kind = TTY_EVENT_FOCUS_IN});
        break;
    case TTY_SEQUENCE_FOCUS_OUT:
        end_sequence(input);
        put_event(input, (struct tty_event){.kind = TTY_EVENT_FOCUS_OUT});
        break;
    case TTY_SEQUENCE_PASTE:
        begin_paste(input);
        break;
    }
}

/* rxvt ends keys with shift by "$", which nobody else uses as an end. */
static bool
is_rxvt_shift(const struct tty_input *input, unsigned char byte)
{
    if (byte != '$' || input->size == 0) {
        return false;
    }
    for (size_t i = 0; i < input->size; i++) {
        if (input->sequence[i] < '0' || input->sequence[i] > '9') {
            return false;
        }
    }
    return true;
}

static void
take_csi(struct tty_input *input, unsigned char byte)
{
    if (take_break(input, byte)) {
        return;
    }
    if (byte < 0x20 || byte >= BYTE_DELETE) {
        return; /* not of the sequence, and none of its end */
    }
    if (byte == '[' && input->size == 0) {
        go_to(input, TTY_CONSOLE_KEY);
    } else if (byte == 'M' && input->size == 0) {
        go_to(input, TTY_MOUSE_BYTES);
    } else if (byte >= 0x40 || is_rxvt_shift(input, byte)) {
        end_csi(input, (char)byte);
    } else {
        keep(input, byte);
    }
}

static void
take_ss3(struct tty_input *input, unsigned char byte)
{
    unsigned key;

    if (take_break(input, byte) || byte < 0x20 || byte >= BYTE_DELETE) {
        return;
    }
    if ((byte >= '0' && byte <= '9') || byte == ';') {
        keep(input, byte);
        return;
    }
    key = tty_sequence_ss3(input->sequence, input->size, (char)byte);
    end_sequence_with_key(input, input->is_overlong ? KEY_NONE : key);
}

static void
take_console_key(struct tty_input *input, unsigned char byte)
{
    if (take_break(input, byte) || byte < 0x20 || byte >= BYTE_DELETE) {
        return;
    }
    end_sequence_with_key(input, tty_sequence_console((char)byte));
}

static void
take_mouse_byte(struct tty_input *input, unsigned char byte)
{
    struct mouse_event mouse;

    if (take_break(input, byte)) {
        return;
    }
    keep(input, byte);
    if (input->size < 3) {
        return;
    }
    if (tty_sequence_mouse_bytes(input->sequence, &mouse)) {
        end_sequence_with_mouse(input, mouse);
    } else {
        end_sequence(input);
    }
}

/* A whole string: it may say which background there is. */
static void
end_string(struct tty_input *input)
{
    bool is_light;

    input->reply[input->reply_size] = '\0';
    if (input->is_command && tty_sequence_background(input->reply, &is_light)) {
        put_event(input, (struct tty_event){.kind = TTY_EVENT_BACKGROUND,
                                            .is_light = is_light});
    }
    go_to_ground(input);
}

/* To BEL or ST, which is ESC \ or the character C2 9C. What an ESC begins
 * instead ends the string too. */
static void
take_string(struct tty_input *input, unsigned char byte)
{
    unsigned char before =
        input->size > 0 ? (unsigned char)input->sequence[0] : 0;

    input->size = 0;
    keep(input, byte);
    if (byte == BYTE_CANCEL || byte == BYTE_SUBSTITUTE) {
        go_to_ground(input);
    } else if (byte == BYTE_BELL || (before == 0xC2 && byte == 0x9C)
               || (before == BYTE_ESCAPE && byte == '\\')) {
        end_string(input);
    } else if (before == BYTE_ESCAPE && byte != BYTE_ESCAPE
               && !begin_sequence(input, byte)) {
        go_to_ground(input);
    } else if (byte >= ' ' && byte < 0x7F
               && input->reply_size < TTY_REPLY_MAX) {
        input->reply[input->reply_size++] = (char)byte;
    }
}

static void
end_paste(struct tty_input *input)
{
    put_event(input, (struct tty_event){
                         .kind = TTY_EVENT_PASTE,
                         .text = input->paste,
                         .size = input->paste_size,
                     });
    go_to_ground(input);
}

static void
keep_paste(struct tty_input *input, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && input->paste_size < TTY_PASTE_MAX; i++) {
        input->paste[input->paste_size++] = bytes[i];
    }
}

/* input->size bytes of the end were seen; when the next is not of it, they
 * were text. Only its first byte occurs twice, so nothing is looked at
 * again. */
static void
take_paste(struct tty_input *input, unsigned char byte)
{
    const size_t end_size = sizeof paste_end - 1;

    if (byte != (unsigned char)paste_end[input->size]) {
        keep_paste(input, paste_end, input->size);
        input->size = 0;
        if (byte != BYTE_ESCAPE) {
            keep_paste(input, (const char[]){(char)byte}, 1);
            return;
        }
    }
    input->size++;
    if (input->size == end_size) {
        end_paste(input);
    }
}

static void
take(struct tty_input *input, unsigned char byte)
{
    switch (input->state) {
    case TTY_GROUND:
        take_ground(input, byte);
        break;
    case TTY_CHARACTER:
        take_character(input, byte);
        break;
    case TTY_ESCAPE:
        take_escape(input, byte);
        break;
    case TTY_CSI:
        take_csi(input, byte);
        break;
    case TTY_SS3:
        take_ss3(input, byte);
        break;
    case TTY_CONSOLE_KEY:
        take_console_key(input, byte);
        break;
    case TTY_MOUSE_BYTES:
        take_mouse_byte(input, byte);
        break;
    case TTY_STRING:
        take_string(input, byte);
        break;
    case TTY_PASTE:
        take_paste(input, byte);
        break;
    }
}

size_t
tty_input_feed(struct tty_input *input, const char *bytes, size_t size)
{
    size_t taken = 0;

    while (taken < size && input->count == 0) {
        take(input, (unsigned char)bytes[taken]);
        taken++;
    }
    return taken;
}

bool
tty_input_take(struct tty_input *input, struct tty_event *event)
{
    if (input->count == 0) {
        return false;
    }
    *event = input->events[input->first];
    input->first = (input->first + 1) % TTY_EVENTS_MAX;
    input->count--;
    return true;
}

int
tty_input_timeout_ms(const struct tty_input *input)
{
    switch (input->state) {
    case TTY_GROUND:
        return -1;
    case TTY_ESCAPE:
        return (int)input->escape_ms;
    case TTY_PASTE:
        return TTY_PASTE_MS;
    case TTY_CHARACTER:
    case TTY_CSI:
    case TTY_SS3:
    case TTY_CONSOLE_KEY:
    case TTY_MOUSE_BYTES:
    case TTY_STRING:
        break;
    }
    return 2 * (int)input->escape_ms;
}

void
tty_input_expire(struct tty_input *input)
{
    bool is_escape = input->state == TTY_ESCAPE
                     || (input->state == TTY_STRING && input->size > 0
                         && input->sequence[0] == BYTE_ESCAPE);

    switch (input->state) {
    case TTY_PASTE:
        end_paste(input);
        break;
    case TTY_GROUND:
    case TTY_CHARACTER:
        go_to_ground(input);
        break;
    case TTY_ESCAPE:
    case TTY_CSI:
    case TTY_SS3:
    case TTY_CONSOLE_KEY:
    case TTY_MOUSE_BYTES:
    case TTY_STRING:
        end_sequence(input);
        if (is_escape) {
            put_key(input, KEY_ESCAPE);
        }
        break;
    }
}
