// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_text_check.h"

/// The length of a UTF-8 sequence that starts with a byte over 0x7F; 0 when it is none.
static size_t sequence_length(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                    : (first & 0xF0) == 0xE0         ? 3
                    : first >= 0xF0 && first <= 0xF4 ? 4
                                                     : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    // Overlong forms, surrogates, and what is past the last code point.
    if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F) || (first == 0xF0 && at[1] < 0x90)
        || (first == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return length;
}

message_fault message_check_text(const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        size_t left = (size_t)(end - at), length = *at >= 0x80 ? sequence_length(at, left) : count_plain(at);
        if (length == 0) {
            return *at == 0 ? MESSAGE_NUL_IN_STRING : MESSAGE_NOT_UTF8;
        }
        at += length < left ? length : left;
    }
    return MESSAGE_OK;
}
