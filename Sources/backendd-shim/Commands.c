// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "shim.h"

#include <string.h>

enum { last_signal = 64 };

static bool is_valid(const command *wanted) {
    return wanted->kind_case != BACKENDS__SHIM__V1__COMMAND__KIND_END || wanted->end->signal <= last_signal;
}

bool command_take(command_buffer *buffer, command **taken) {
    if (buffer->length <= buffer->bytes[0]) return false;
    size_t length = buffer->bytes[0];
    command *wanted = backends__shim__v1__command__unpack(NULL, length, buffer->bytes + 1);
    buffer->length -= length + 1;
    memmove(buffer->bytes, buffer->bytes + length + 1, buffer->length);
    *taken = wanted && is_valid(wanted) ? wanted : NULL;
    if (wanted && !*taken) backends__shim__v1__command__free_unpacked(wanted, NULL);
    return true;
}
