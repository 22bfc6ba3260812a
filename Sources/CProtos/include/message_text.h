// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <stddef.h>
#include <string.h>

/// The length of a string that a check found to have no NUL inside.
static inline size_t message_text_length(const char *text) {
    return strlen(text);
}
