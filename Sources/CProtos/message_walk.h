// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_decode.h"
#include "message_table.h"

#include <stdbool.h>
#include <string.h>

/// The default of the other protobuf runtimes.
enum { DEEPEST = 100 };

/// What a field counts against the budget beside its value: what protobuf-c's own decoder takes for it.
enum { FIELD_COST = 96, TEXT_COST = 32, UNKNOWN_COST = 160 };

/// Zeros behind the copy of a message: what is read before it is known to be in the message.
enum { PADDING = 32 };

/// In front of a list is for how many elements it has room; what is allocated for it at first has this size.
enum { LIST_HEADER = 16, FIRST_LIST = 80 };

/// A message that is read: where it ends, its struct, its type, and the bits of fields that came.
typedef struct message_frame {
    uint8_t *end;
    char *message;
    const message_table *table;
    uint64_t seen;
} message_frame;

/// Where the decoder is.
typedef struct message_walk {
    uint8_t *at;
    /// Of the message that is read; its frame has only its bits, unless there is a message in it that is read first.
    uint8_t *end;
    char *message;
    const message_table *table;
    message_frame *frame;
    size_t budget;
    message_arena *arena;
    message_finding finding;
    /// Whether protobuf-c would refuse the message although nothing is found.
    bool is_undecodable;
    message_frame frames[DEEPEST + 1];
} message_walk;

/// Inlined, what is passed stays in registers.
#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t load32(const void *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

INLINE uint64_t load64(const void *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

INLINE size_t load_size(const void *at) {
    size_t size;
    memcpy(&size, at, sizeof size);
    return size;
}

/// Numbers of a fixed size, which are little-endian.
INLINE uint32_t load_fixed32(const uint8_t *at) {
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(load32(at)) : load32(at);
}

INLINE uint64_t load_fixed64(const uint8_t *at) {
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(load64(at)) : load64(at);
}

INLINE void store32(void *to, uint32_t value) {
    memcpy(to, &value, sizeof value);
}

INLINE void store64(void *to, uint64_t value) {
    memcpy(to, &value, sizeof value);
}

INLINE void store_pointer(void *to, void *pointer) {
    memcpy(to, &pointer, sizeof pointer);
}

INLINE void *load_pointer(const void *at) {
    void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

/// The number of a sint32 or sint64.
INLINE uint32_t unzigzag32(uint32_t value) {
    return (value >> 1) ^ (0 - (value & 1));
}

INLINE uint64_t unzigzag64(uint64_t value) {
    return (value >> 1) ^ (0 - (value & 1));
}

/// Stores the value of a varint or a fixed number.
INLINE void store_number(char *to, unsigned kind, uint64_t value) {
    switch (kind) {
    case INT32:
    case FIXED32:
        store32(to, (uint32_t)value);
        return;
    case SINT32:
        store32(to, unzigzag32((uint32_t)value));
        return;
    case BOOL:
        store32(to, value != 0);
        return;
    case SINT64:
        store64(to, unzigzag64(value));
        return;
    default:
        store64(to, value);
    }
}

/// Puts an empty struct into memory of the size that its table says.
INLINE void start_struct(void *memory, const message_table *table) {
    enum { STEP = 32 };
    const unsigned char *image = table->image;
    size_t at = 0, size = table->size;
    do {
        memcpy((char *)memory + at, image + at, STEP);
        at += STEP;
    } while (at < size);
}

/// Reads one field of any kind, in the order in which faults are found. A message in it is entered.
///
/// - Returns: false with a finding.
bool message_read_field(message_walk *walk);
