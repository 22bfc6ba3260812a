// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "Library.h"

#include <stdlib.h>

struct ccurl_multi {
    const ccurl_library *library;
    ccurl_driver driver;
    CURLM *multi;
};

static int socket_callback(CURL *easy, curl_socket_t socket, int what, void *context, void *unused) {
    (void)easy;
    (void)unused;
    const ccurl_multi *multi = context;
    int interest = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) interest |= CCURL_IN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) interest |= CCURL_OUT;
    multi->driver.watch(multi->driver.context, socket, interest);
    return 0;
}

static int timer_callback(CURLM *curl, long milliseconds, void *context) {
    (void)curl;
    const ccurl_multi *multi = context;
    multi->driver.schedule(multi->driver.context, milliseconds);
    return 0;
}

ccurl_multi *ccurl_multi_create(ccurl_library *library, const ccurl_driver *driver) {
    ccurl_multi *multi = calloc(1, sizeof *multi);
    if (multi == NULL) return NULL;
    multi->library = library;
    multi->driver = *driver;
    multi->multi = library->multi_init();
    if (multi->multi == NULL) {
        free(multi);
        return NULL;
    }
    library->multi_setopt(multi->multi, CURLMOPT_SOCKETFUNCTION, socket_callback);
    library->multi_setopt(multi->multi, CURLMOPT_SOCKETDATA, multi);
    library->multi_setopt(multi->multi, CURLMOPT_TIMERFUNCTION, timer_callback);
    library->multi_setopt(multi->multi, CURLMOPT_TIMERDATA, multi);
    // A transfer never waits for the connection of another one.
    library->multi_setopt(multi->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    return multi;
}

void ccurl_multi_free(ccurl_multi *multi) {
    multi->library->multi_setopt(multi->multi, CURLMOPT_SOCKETFUNCTION, NULL);
    multi->library->multi_setopt(multi->multi, CURLMOPT_TIMERFUNCTION, NULL);
    multi->library->multi_cleanup(multi->multi);
    free(multi);
}

void ccurl_multi_act(ccurl_multi *multi, int socket, int events) {
    int mask = 0;
    if (events & CCURL_IN) mask |= CURL_CSELECT_IN;
    if (events & CCURL_OUT) mask |= CURL_CSELECT_OUT;
    if (events & CCURL_ERROR) mask |= CURL_CSELECT_ERR;
    int running = 0;
    multi->library->multi_socket_action(multi->multi, socket < 0 ? CURL_SOCKET_TIMEOUT : socket, mask, &running);
}

ccurl_transfer *ccurl_multi_ended(ccurl_multi *multi, int *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = multi->library->multi_info_read(multi->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = (int)message->data.result;
        char *transfer = NULL;
        multi->library->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        return (ccurl_transfer *)(void *)transfer;
    }
    return NULL;
}

bool ccurl_multi_add(ccurl_multi *multi, ccurl_transfer *transfer) {
    return multi->library->multi_add_handle(multi->multi, transfer->easy) == CURLM_OK;
}

void ccurl_multi_remove(ccurl_multi *multi, ccurl_transfer *transfer) {
    multi->library->multi_remove_handle(multi->multi, transfer->easy);
}
