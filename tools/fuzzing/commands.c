// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <stdlib.h>
#include <string.h>

/// What a shim reads from its daemon: the first byte chooses in which pieces the rest comes.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    command_buffer buffer = {.length = 0};
    if (length == 0) return 0;
    size_t size = (size_t)bytes[0] + 1;
    for (size_t offset = 1; offset < length;) {
        size_t count = length - offset, room = sizeof buffer.bytes - buffer.length;
        if (room == 0) abort();
        count = count < size ? count : size;
        count = count < room ? count : room;
        memcpy(buffer.bytes + buffer.length, bytes + offset, count);
        buffer.length += count;
        offset += count;
        for (command *wanted; command_take(&buffer, &wanted);) {
            if (!wanted) continue;
            if (wanted->kind_case == BACKENDS__SHIM__V1__COMMAND__KIND_SIGNAL && (wanted->signal < 1 || wanted->signal > 64)) abort();
            if (wanted->kind_case == BACKENDS__SHIM__V1__COMMAND__KIND_END && wanted->end->signal > 64) abort();
            backends__shim__v1__command__free_unpacked(wanted, NULL);
        }
    }
    return 0;
}
