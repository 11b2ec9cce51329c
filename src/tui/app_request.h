// SPDX-License-Identifier: Apache-2.0
/* tui/app_request.h - what a viewer asks of whoever has the terminal. */
#ifndef TUI_APP_REQUEST_H
#define TUI_APP_REQUEST_H

/* What only the host of the viewer can do, see app_take_request. */
enum app_request_kind {
    APP_REQUEST_NONE,
    APP_REQUEST_SUSPEND,
    APP_REQUEST_REDRAW,
    APP_REQUEST_EDIT,   /* open path at line in an editor */
    APP_REQUEST_RELOAD, /* open the trace again, then app_reload */
    APP_REQUEST_FILTER, /* make what the filter in text leaves of the trace,
                           then app_set_filter; or app_keep_filter */
    APP_REQUEST_COPY,   /* text to the clipboard */
    APP_REQUEST_PIPE,   /* text to the user's command */
    APP_REQUEST_WRITE,  /* the trace to the file text; line 1 = over another */
    APP_REQUEST_STOP,   /* the work of the host that viewer.activity names */
    APP_REQUEST_MOUSE_ON,
    APP_REQUEST_MOUSE_OFF,
};

struct app_request {
    enum app_request_kind kind;
    char *text; /* the path, or what to copy; as in the trace; owned, or NULL */
    char *command; /* of a pipe, as the user typed it; owned, or NULL */
    unsigned line;
};

void app_request_release(struct app_request *request);

#endif
