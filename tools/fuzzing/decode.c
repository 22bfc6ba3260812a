// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "compare.h"
#include "messages.h"

#include <stdio.h>
#include <stdlib.h>

/// The decoder of messages: the first byte chooses the type, the second one a limit, the rest is the message. It finds,
/// decodes and takes what the two passes do that it replaces.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (length < 2) return 0;
    size_t limit = bytes[1] == 0 ? 32 << 20 : (size_t)bytes[1] * 40;
    const char *difference = compare_decoders(message_types[bytes[0] % message_type_count], bytes + 2, length - 2, limit);
    if (difference) {
        fprintf(stderr, "Fatal: %s\n", difference);
        abort();
    }
    return 0;
}
