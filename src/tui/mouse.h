// SPDX-License-Identifier: Apache-2.0
/* tui/mouse.h - what a mouse did, in cells of the screen. */
#ifndef TUI_MOUSE_H
#define TUI_MOUSE_H

enum mouse_kind {
    MOUSE_PRESS,
    MOUSE_RELEASE,
    MOUSE_DRAG, /* moved while a button is held */
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
    MOUSE_WHEEL_LEFT,
    MOUSE_WHEEL_RIGHT,
};

enum mouse_button {
    MOUSE_BUTTON_NONE, /* of the wheel, and of a release without a press */
    MOUSE_BUTTON_LEFT,
    MOUSE_BUTTON_MIDDLE,
    MOUSE_BUTTON_RIGHT,
};

struct mouse_event {
    enum mouse_kind kind;
    enum mouse_button button;
    unsigned x;         /* column from 0; may lie beyond the screen */
    unsigned y;         /* row from 0 */
    unsigned modifiers; /* KEY_SHIFT, KEY_CONTROL, KEY_META of key.h */
};

#endif
