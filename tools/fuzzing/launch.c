// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <stdlib.h>
#include <string.h>

/// What a shim is told to start: the input is the message. What is taken has everything that the shim relies on.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    int error = 0;
    launch *what = launch_decode(bytes, length, &error);
    if (!what) {
        if (error == 0) abort();
        return 0;
    }
    const log_file *logs[] = {what->output, what->error};
    for (int i = 0; i < 2; i++) {
        if (strchr(logs[i]->name, '/') || logs[i]->size == 0 || logs[i]->files == 0) abort();
    }
    if (what->n_arguments == 0 || what->end->signal < 1 || what->end->signal > 64) abort();
    if (what->version != message_version || what->log_directory[0] != '/') abort();
    backends__shim__v1__launch__free_unpacked(what, NULL);
    return 0;
}
