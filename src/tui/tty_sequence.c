// SPDX-License-Identifier: Apache-2.0
#include "tui/tty_sequence.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/key.h"
#include "tui/mouse.h"

enum {
    PARAMETERS_MAX = 6,
    SUBPARAMETERS_MAX = 2, /* those that mean something to us */
    NUMBER_MAX = 0x110000, /* beyond it numbers are all the same */
    COORDINATE_MAX = 65535,

    /* Bits of a modifier parameter less one. */
    MODIFIER_SHIFT = 1,
    MODIFIER_ALT = 2,
    MODIFIER_CONTROL = 4,
    MODIFIER_SUPER = 8,
    MODIFIER_HYPER = 16,
    MODIFIER_META = 32,

    EVENT_RELEASE = 3, /* of a key, in CSI u */

    /* Bits of a mouse report's first number. */
    REPORT_SHIFT = 4,
    REPORT_META = 8,
    REPORT_CONTROL = 16,
    REPORT_MOTION = 32,
    REPORT_WHEEL = 64,
    REPORT_OTHER = 128, /* buttons 8 to 11 */

    /* The private characters that CSI u uses for keys, and its keypad. */
    PRIVATE_FIRST = 0xE000,
    PRIVATE_LAST = 0xF8FF,
    KEYPAD_FIRST = 57399,
};

struct parameters {
    char prefix; /* of a private sequence: one of < = > ?; 0 = none */
    size_t count;
    unsigned value[PARAMETERS_MAX][SUBPARAMETERS_MAX]; /* 0 = not given */
};

/* Read "<1;2:3". False for bytes that are no parameters. */
static bool
parse_parameters(struct parameters *parameters, const char *text, size_t size)
{
    size_t sub = 0;
    size_t i = 0;

    *parameters = (struct parameters){0};
    if (size > 0 && text[0] >= '<' && text[0] <= '?') {
        parameters->prefix = text[0];
        i = 1;
    }
    if (i < size) {
        parameters->count = 1;
    }
    for (; i < size; i++) {
        if (text[i] == ';') {
            if (parameters->count == PARAMETERS_MAX) {
                return false;
            }
            parameters->count++;
            sub = 0;
        } else if (text[i] == ':') {
            sub++;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else if (sub < SUBPARAMETERS_MAX) {
            unsigned *value = &parameters->value[parameters->count - 1][sub];

            *value = *value * 10 + (unsigned)(text[i] - '0');
            *value = *value > NUMBER_MAX ? NUMBER_MAX : *value;
        }
    }
    return true;
}

/* The modifiers of a key that are said by parameter number index. False when
 * the key is not for us: with a Super key, or let go. */
static bool
parse_modifiers(const struct parameters *parameters, size_t index,
                unsigned *modifiers)
{
    unsigned bits = 0;

    if (index < parameters->count) {
        if (parameters->value[index][1] == EVENT_RELEASE) {
            return false;
        }
        bits = parameters->value[index][0];
        bits = bits == 0 ? 0 : bits - 1;
    }
    if ((bits & (MODIFIER_SUPER | MODIFIER_HYPER)) != 0) {
        return false;
    }
    *modifiers = 0;
    if ((bits & MODIFIER_SHIFT) != 0) {
        *modifiers |= KEY_SHIFT;
    }
    if ((bits & (MODIFIER_ALT | MODIFIER_META)) != 0) {
        *modifiers |= KEY_META;
    }
    if ((bits & MODIFIER_CONTROL) != 0) {
        *modifiers |= KEY_CONTROL;
    }
    return true;
}

/* Before a letter the modifiers are a number of their own or behind a 1: both
 * CSI 5 A and CSI 1;5 A are in use. */
static bool
parse_letter_modifiers(const struct parameters *parameters, unsigned *modifiers)
{
    if (parameters->count <= 1) {
        return parse_modifiers(parameters, 0, modifiers);
    }
    return parameters->value[0][0] <= 1
           && parse_modifiers(parameters, 1, modifiers);
}

/* Cursor keys and F1 to F4 by the letter that ends them. */
static unsigned
key_of_letter(char final)
{
    static const struct {
        char final;
        unsigned key;
    } letters[] = {
        {'A', KEY_UP},     {'B', KEY_DOWN},   {'C', KEY_RIGHT},
        {'D', KEY_LEFT},   {'F', KEY_END},    {'H', KEY_HOME},
        {'P', KEY_F1},     {'Q', KEY_F1 + 1}, {'R', KEY_F1 + 2},
        {'S', KEY_F1 + 3},
    };

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].final == final) {
            return letters[i].key;
        }
    }
    return KEY_NONE;
}

/* Keys by the number in front of "~". */
static unsigned
key_of_number(unsigned number)
{
    static const unsigned editing[] = {
        KEY_NONE,    KEY_HOME,      KEY_INSERT, KEY_DELETE, KEY_END,
        KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME,   KEY_END,
    };

    if (number < sizeof editing / sizeof editing[0]) {
        return editing[number];
    }
    if (number >= 11 && number <= 15) {
        return KEY_F1 + (number - 11);
    }
    if (number >= 17 && number <= 21) {
        return KEY_F1 + 5 + (number - 17);
    }
    if (number == 23 || number == 24) {
        return KEY_F1 + 10 + (number - 23);
    }
    return KEY_NONE;
}

/* A key of the keypad, as CSI u numbers them. */
static unsigned
key_of_keypad(unsigned code)
{
    static const unsigned keys[] = {
        '0',      '1',       '2',        '3',        '4',         '5',
        '6',      '7',       '8',        '9',        '.',         '/',
        '*',      '-',       '+',        KEY_ENTER,  '=',         ',',
        KEY_LEFT, KEY_RIGHT, KEY_UP,     KEY_DOWN,   KEY_PAGE_UP, KEY_PAGE_DOWN,
        KEY_HOME, KEY_END,   KEY_INSERT, KEY_DELETE,
    };

    if (code < KEYPAD_FIRST
        || code - KEYPAD_FIRST >= sizeof keys / sizeof keys[0]) {
        return KEY_NONE;
    }
    return keys[code - KEYPAD_FIRST];
}

/* A character with modifiers, in the one form that key.h has for it: shift
 * belongs to the character, and control knows no capitals. */
static unsigned
key_of_character(unsigned character, unsigned modifiers)
{
    unsigned key = character;

    if (key >= 'a' && key <= 'z' && (modifiers & KEY_SHIFT) != 0) {
        key -= 'a' - 'A';
    }
    if (key >= 'A' && key <= 'Z' && (modifiers & KEY_CONTROL) != 0) {
        key += 'a' - 'A';
    }
    if (key != KEY_SPACE) {
        modifiers &= ~(unsigned)KEY_SHIFT;
    }
    return key | modifiers;
}

/* A key by the character on it: CSI u and modifyOtherKeys. shifted is what
 * it is with shift, if the terminal says so. */
static unsigned
key_of_code(unsigned code, unsigned shifted, unsigned modifiers)
{
    switch (code) {
    case '\r':
    case '\n':
        return KEY_ENTER | modifiers;
    case '\t':
        return KEY_TAB | modifiers;
    case 0x1B:
        return KEY_ESCAPE | modifiers;
    case '\b':
    case 0x7F:
        return KEY_BACKSPACE | modifiers;
    default:
        break;
    }
    if (code >= PRIVATE_FIRST && code <= PRIVATE_LAST) {
        unsigned key = key_of_keypad(code);

        return key == KEY_NONE ? KEY_NONE : key | modifiers;
    }
    if ((modifiers & KEY_SHIFT) != 0 && shifted != 0) {
        code = shifted;
    }
    if (code < KEY_SPACE || code > 0x10FFFF || utf8_width(code) < 0) {
        return KEY_NONE;
    }
    return key_of_character(code, modifiers);
}

/* rxvt's final bytes instead of "~" say the modifiers. */
static unsigned
rxvt_modifiers(char final)
{
    switch (final) {
    case '$':
        return KEY_SHIFT;
    case '^':
        return KEY_CONTROL;
    case '@':
        return KEY_SHIFT | KEY_CONTROL;
    default:
        return 0;
    }
}

static unsigned
key_of_csi(const struct parameters *parameters, char final)
{
    unsigned key = KEY_NONE;
    unsigned modifiers = 0;

    if (final == 'u') {
        return parse_modifiers(parameters, 1, &modifiers) ? key_of_code(
                   parameters->value[0][0], parameters->value[0][1], modifiers)
                                                          : KEY_NONE;
    }
    if (final == '~' && parameters->value[0][0] == 27) {
        return parse_modifiers(parameters, 1, &modifiers)
                   ? key_of_code(parameters->value[2][0], 0, modifiers)
                   : KEY_NONE;
    }
    if (final >= 'a' && final <= 'd' && parameters->count == 0) {
        return key_of_letter((char)(final - 'a' + 'A')) | KEY_SHIFT;
    }
    if (final == '~' || rxvt_modifiers(final) != 0) {
        if (parse_modifiers(parameters, 1, &modifiers)) {
            key = key_of_number(parameters->value[0][0]);
            modifiers |= rxvt_modifiers(final);
        }
    } else if (parse_letter_modifiers(parameters, &modifiers)) {
        key = final == 'Z' ? KEY_TAB | KEY_SHIFT : key_of_letter(final);
    }
    return key == KEY_NONE ? KEY_NONE : key | modifiers;
}

static enum mouse_kind
wheel_kind(unsigned report)
{
    static const enum mouse_kind kinds[] = {
        MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN, MOUSE_WHEEL_LEFT, MOUSE_WHEEL_RIGHT};

    return kinds[report & 3];
}

/* What a report says but for where. False for a motion without a button and
 * for buttons that we have no names for. */
static bool
mouse_of_report(unsigned report, bool is_release, struct mouse_event *mouse)
{
    *mouse = (struct mouse_event){0};
    mouse->modifiers = ((report & REPORT_SHIFT) != 0 ? KEY_SHIFT : 0u)
                       | ((report & REPORT_META) != 0 ? KEY_META : 0u)
                       | ((report & REPORT_CONTROL) != 0 ? KEY_CONTROL : 0u);
    if (report >= REPORT_OTHER) {
        return false;
    }
    if ((report & REPORT_WHEEL) != 0) {
        mouse->kind = wheel_kind(report);
        return !is_release && (report & REPORT_MOTION) == 0;
    }
    if ((report & 3) < 3) {
        mouse->button = (enum mouse_button)(MOUSE_BUTTON_LEFT + (report & 3));
    }
    if ((report & REPORT_MOTION) != 0) {
        mouse->kind = MOUSE_DRAG;
        return !is_release && mouse->button != MOUSE_BUTTON_NONE;
    }
    mouse->kind = is_release || mouse->button == MOUSE_BUTTON_NONE
                      ? MOUSE_RELEASE
                      : MOUSE_PRESS;
    return true;
}

/* SGR reports (CSI < b;x;y M or m), and urxvt's (CSI b+32;x;y M). */
static bool
mouse_of_csi(const struct parameters *parameters, char final,
             struct mouse_event *mouse)
{
    unsigned report = parameters->value[0][0];
    unsigned x = parameters->value[1][0];
    unsigned y = parameters->value[2][0];

    if (parameters->count != 3 || x == 0 || y == 0 || x > COORDINATE_MAX
        || y > COORDINATE_MAX) {
        return false;
    }
    if (parameters->prefix == 0) {
        if (report < 32) {
            return false;
        }
        report -= 32;
    }
    if (!mouse_of_report(report, final == 'm', mouse)) {
        return false;
    }
    mouse->x = x - 1;
    mouse->y = y - 1;
    return true;
}

/* One to four hexadecimal digits, of all that so many can say. */
static bool
read_share(const char **text, double *share)
{
    unsigned value = 0;
    unsigned most = 0;

    for (; most < 0xFFFF && isxdigit((unsigned char)**text); (*text)++) {
        char digit = **text;

        value = value * 16
                + (unsigned)(digit <= '9' ? digit - '0'
                                          : (digit | 0x20) - 'a' + 10);
        most = most * 16 + 15;
    }
    *share = most == 0 ? 0 : (double)value / most;
    return most != 0;
}

/* By how bright the eye finds the three. */
bool
tty_sequence_background(const char *text, bool *is_light)
{
    static const char *const forms[] = {"11;rgb:", "11;rgba:"};
    double shares[3];

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *next = text + strlen(forms[i]);

        if (strncmp(text, forms[i], strlen(forms[i])) == 0
            && read_share(&next, &shares[0]) && *next++ == '/'
            && read_share(&next, &shares[1]) && *next++ == '/'
            && read_share(&next, &shares[2])
            && (*next == '\0' || *next == '/')) {
            *is_light =
                0.299 * shares[0] + 0.587 * shares[1] + 0.114 * shares[2] > 0.5;
            return true;
        }
    }
    return false;
}

enum tty_sequence_kind
tty_sequence_csi(const char *text, size_t size, char final, unsigned *key,
                 struct mouse_event *mouse)
{
    struct parameters parameters;

    if (!parse_parameters(&parameters, text, size)) {
        return TTY_SEQUENCE_UNKNOWN;
    }
    if ((parameters.prefix == '<' && (final == 'M' || final == 'm'))
        || (parameters.prefix == 0 && final == 'M')) {
        return mouse_of_csi(&parameters, final, mouse) ? TTY_SEQUENCE_MOUSE
                                                       : TTY_SEQUENCE_UNKNOWN;
    }
    if (parameters.prefix == '?' && final == 'c') {
        return TTY_SEQUENCE_ATTRIBUTES;
    }
    if (parameters.prefix != 0) {
        return TTY_SEQUENCE_UNKNOWN;
    }
    if (size == 0 && final == 'I') {
        return TTY_SEQUENCE_FOCUS_IN;
    }
    if (size == 0 && final == 'O') {
        return TTY_SEQUENCE_FOCUS_OUT;
    }
    if (final == '~' && parameters.value[0][0] == 200) {
        return TTY_SEQUENCE_PASTE;
    }
    *key = key_of_csi(&parameters, final);
    return *key == KEY_NONE ? TTY_SEQUENCE_UNKNOWN : TTY_SEQUENCE_KEY;
}

/* A key of the keypad in application mode. */
static unsigned
key_of_application_keypad(char final)
{
    static const char characters[] = "*+,-./0123456789"; /* "j" to "y" */

    if (final >= 'j' && final <= 'y') {
        return (unsigned char)characters[final - 'j'];
    }
    switch (final) {
    case 'M':
        return KEY_ENTER;
    case 'I':
        return KEY_TAB;
    case 'X':
        return '=';
    default:
        return key_of_letter(final);
    }
}

unsigned
tty_sequence_ss3(const char *text, size_t size, char final)
{
    struct parameters parameters;
    unsigned modifiers;
    unsigned key;

    if (size == 0 && final >= 'a' && final <= 'd') { /* rxvt */
        return key_of_letter((char)(final - 'a' + 'A')) | KEY_CONTROL;
    }
    if (!parse_parameters(&parameters, text, size)
        || !parse_letter_modifiers(&parameters, &modifiers)) {
        return KEY_NONE;
    }
    key = key_of_application_keypad(final);
    return key == KEY_NONE ? KEY_NONE : key | modifiers;
}

unsigned
tty_sequence_console(char final)
{
    return final >= 'A' && final <= 'E' ? KEY_F1 + (unsigned)(final - 'A')
                                        : KEY_NONE;
}

bool
tty_sequence_mouse_bytes(const char bytes[3], struct mouse_event *mouse)
{
    unsigned report = (unsigned char)bytes[0];
    unsigned x = (unsigned char)bytes[1];
    unsigned y = (unsigned char)bytes[2];

    if (report < 32 || x <= 32 || y <= 32
        || !mouse_of_report(report - 32, false, mouse)) {
        return false;
    }
    mouse->x = x - 33;
    mouse->y = y - 33;
    return true;
}

unsigned
tty_sequence_control(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        return KEY_ENTER;
    case '\t':
        return KEY_TAB;
    case '\b':
    case 0x7F:
        return KEY_BACKSPACE;
    case 0x1B:
        return KEY_ESCAPE;
    case 0:
        return KEY_CONTROL | KEY_SPACE;
    default:
        break;
    }
    return KEY_CONTROL | (byte <= 26 ? byte + 'a' - 1u : byte + '@' + 0u);
}
