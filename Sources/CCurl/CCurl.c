// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "Library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// libcurl counts its initializations without a lock in versions that Debian still has.
static pthread_mutex_t initialization = PTHREAD_MUTEX_INITIALIZER;

static bool load(ccurl_library *library, void *handle, const char **missing) {
#define FIND(function)                                                    \
    do {                                                                  \
        *(void **)&library->function = dlsym(handle, "curl_" #function);  \
        if (library->function == NULL) {                                  \
            *missing = "curl_" #function;                                 \
            return false;                                                 \
        }                                                                 \
    } while (0)
    FIND(global_init);
    FIND(slist_append);
    FIND(slist_free_all);
    FIND(easy_init);
    FIND(easy_setopt);
    FIND(easy_getinfo);
    FIND(easy_recv);
    FIND(easy_strerror);
    FIND(easy_cleanup);
    FIND(multi_init);
    FIND(multi_setopt);
    FIND(multi_add_handle);
    FIND(multi_remove_handle);
    FIND(multi_socket_action);
    FIND(multi_info_read);
    FIND(multi_cleanup);
#undef FIND
    return true;
}

ccurl_library *ccurl_library_open(const char *name, char *problem, size_t capacity) {
    // Never unloaded: TLS libraries leave functions behind that run at the end of the process.
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        const char *text = dlerror();
        snprintf(problem, capacity, "%s", text != NULL ? text : "no reason given");
        return NULL;
    }
    ccurl_library *library = calloc(1, sizeof *library);
    const char *missing = "memory";
    if (library == NULL || !load(library, handle, &missing)) {
        snprintf(problem, capacity, "%s: there is no %s in it", name, missing);
        free(library);
        return NULL;
    }
    pthread_mutex_lock(&initialization);
    CURLcode code = library->global_init(CURL_GLOBAL_DEFAULT);
    pthread_mutex_unlock(&initialization);
    if (code != CURLE_OK) {
        snprintf(problem, capacity, "%s: %s", name, library->easy_strerror(code));
        free(library);
        return NULL;
    }
    return library;
}

void ccurl_library_close(ccurl_library *library) { free(library); }
