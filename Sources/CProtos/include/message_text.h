// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// The length of a string that the decoder found to have no NUL inside.
static inline size_t message_text_length(const char *text) {
    return strlen(text);
}

/// Whether there is a NUL in a text that is to be stored. `text` may be NULL when there are no bytes.
static inline bool message_text_has_nul(const void *text, size_t count) {
    return count > 0 && memchr(text, 0, count) != NULL;
}
