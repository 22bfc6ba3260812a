// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "oracle.h"

#include <stdbool.h>
#include <string.h>

/// The default of the other protobuf runtimes.
enum { DEEPEST = 100 };

/// Fields of one message whose second coming is noticed; no message of ours has nearly as many.
enum { SEEN_FIELDS = 256 };

/// What protobuf-c takes from the arena for a field while it reads a message, beside its value: its notes of the field
/// and the room for them, which an arena does not take back.
enum { SCAN_COST = 96, UNKNOWN_COST = 160 };

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

/// A part of the message that is still to be read.
typedef struct reader {
    const uint8_t *at;
    const uint8_t *end;
} reader;

/// A number and the byte behind it, NULL when there is no number.
typedef struct number {
    uint64_t value;
    const uint8_t *next;
} number;

/// Inlined, a reader stays in registers.
#define INLINE static inline __attribute__((always_inline))

typedef struct state {
    size_t budget;
    message_finding finding;
} state;

static bool refuse(
    state *state, message_fault fault, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field) {
    state->finding = (message_finding){fault, message->name, field == NULL ? NULL : field->name};
    return false;
}

static bool spend(
    state *state, size_t cost, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field) {
    if (cost > state->budget) {
        return refuse(state, MESSAGE_OVER_BUDGET, message, field);
    }
    state->budget -= cost;
    return true;
}

static number read_long_varint(reader in) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && in.at < in.end; shift += 7) {
        uint8_t byte = *in.at++;
        // The tenth byte has room for one bit.
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return (number){value, in.at};
        }
    }
    return (number){0, NULL};
}

/// Most tags and lengths are one byte.
INLINE number read_varint(reader in) {
    if (in.at < in.end && *in.at < 0x80) {
        return (number){*in.at, in.at + 1};
    }
    return read_long_varint(in);
}

/// Why there is no number.
static message_fault varint_fault(reader in) {
    return in.end - in.at < 10 ? MESSAGE_TRUNCATED : MESSAGE_BAD_VARINT;
}

/// The length of a UTF-8 sequence that starts with a byte over 0x7F; 0 when it is none.
static size_t sequence_length(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
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

/// Whether eight bytes are ASCII without a NUL: none has its high bit set, and subtracting one borrows from none.
INLINE bool is_plain(uint64_t word) {
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    return ((word | (word - ones)) & highs) == 0;
}

INLINE uint64_t load64(const uint8_t *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

INLINE uint64_t load32(const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/// Whether a whole text is ASCII without a NUL. The last word read overlaps the one before it.
INLINE bool is_plain_text(const uint8_t *at, size_t count) {
    if (count >= 8) {
        const uint8_t *last = at + count - 8;
        for (; at < last; at += 8) {
            if (!is_plain(load64(at))) {
                return false;
            }
        }
        return is_plain(load64(last));
    }
    if (count >= 4) {
        return is_plain(load32(at) << 32 | load32(at + count - 4));
    }
    for (size_t i = 0; i < count; i++) {
        if (at[i] == 0 || at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static message_fault check_other_text(const uint8_t *at, size_t count) {
    const uint8_t *end = at + count;
    while (at < end) {
        if (end - at >= 8 && is_plain(load64(at))) {
            at += 8;
            continue;
        }
        if (*at == 0) {
            return MESSAGE_NUL_IN_STRING;
        }
        if (*at < 0x80) {
            at += 1;
            continue;
        }
        size_t length = sequence_length(at, (size_t)(end - at));
        if (length == 0) {
            return MESSAGE_NOT_UTF8;
        }
        at += length;
    }
    return MESSAGE_OK;
}

INLINE message_fault check_text(const uint8_t *at, size_t count) {
    return is_plain_text(at, count) ? MESSAGE_OK : check_other_text(at, count);
}

/// The wire type of a value of each type.
static const uint8_t wire_types[] = {
    [PROTOBUF_C_TYPE_INT32] = VARINT,     [PROTOBUF_C_TYPE_SINT32] = VARINT,    [PROTOBUF_C_TYPE_SFIXED32] = FIXED32,
    [PROTOBUF_C_TYPE_INT64] = VARINT,     [PROTOBUF_C_TYPE_SINT64] = VARINT,    [PROTOBUF_C_TYPE_SFIXED64] = FIXED64,
    [PROTOBUF_C_TYPE_UINT32] = VARINT,    [PROTOBUF_C_TYPE_FIXED32] = FIXED32,  [PROTOBUF_C_TYPE_UINT64] = VARINT,
    [PROTOBUF_C_TYPE_FIXED64] = FIXED64,  [PROTOBUF_C_TYPE_FLOAT] = FIXED32,    [PROTOBUF_C_TYPE_DOUBLE] = FIXED64,
    [PROTOBUF_C_TYPE_BOOL] = VARINT,      [PROTOBUF_C_TYPE_ENUM] = VARINT,      [PROTOBUF_C_TYPE_STRING] = LENGTH,
    [PROTOBUF_C_TYPE_BYTES] = LENGTH,     [PROTOBUF_C_TYPE_MESSAGE] = LENGTH,
};

/// The field of a number, or NULL. Fields mostly come in order, so the one after the last is looked at first.
INLINE const ProtobufCFieldDescriptor *find(
    const ProtobufCMessageDescriptor *message, uint32_t number, unsigned *last) {
    const ProtobufCFieldDescriptor *fields = message->fields;
    unsigned count = message->n_fields;
    if (*last < count && fields[*last].id == number) {
        return &fields[*last];
    }
    if (*last + 1 < count && fields[*last + 1].id == number) {
        return &fields[++*last];
    }
    unsigned low = 0, high = count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (fields[middle].id < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == count || fields[low].id != number) {
        return NULL;
    }
    *last = low;
    return &fields[low];
}

static bool check_message(
    state *state, const ProtobufCMessageDescriptor *message, reader in, unsigned depth);

static message_fault count_varints(reader in, size_t *count) {
    while (in.at < in.end) {
        number number = read_varint(in);
        if (number.next == NULL) {
            return varint_fault(in);
        }
        in.at = number.next;
        *count += 1;
    }
    return MESSAGE_OK;
}

static size_t element_size(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    default:
        return 4;
    }
}

/// A list of numbers in one field.
static bool check_packed(
    state *state, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, reader body) {
    size_t length = (size_t)(body.end - body.at), elements = 0;
    message_fault fault = MESSAGE_OK;
    switch (wire_types[field->type]) {
    case FIXED32:
        elements = length / 4;
        fault = length % 4 == 0 ? MESSAGE_OK : MESSAGE_TRUNCATED;
        break;
    case FIXED64:
        elements = length / 8;
        fault = length % 8 == 0 ? MESSAGE_OK : MESSAGE_TRUNCATED;
        break;
    default:
        fault = count_varints(body, &elements);
        // protobuf-c makes room for a bool a byte.
        elements = field->type == PROTOBUF_C_TYPE_BOOL ? length : elements;
    }
    if (fault != MESSAGE_OK) {
        return refuse(state, fault, message, field);
    }
    return spend(state, elements * element_size(field->type), message, field);
}

/// What is in a length-delimited field; `again` says that the field came before.
INLINE bool check_body(
    state *state, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, reader body,
    bool again, unsigned depth) {
    size_t length = (size_t)(body.end - body.at);
    message_fault fault;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        fault = check_text(body.at, length);
        if (fault != MESSAGE_OK) {
            return refuse(state, fault, message, field);
        }
        return spend(state, length + 32, message, field);
    case PROTOBUF_C_TYPE_BYTES:
        return spend(state, length + 32, message, field);
    case PROTOBUF_C_TYPE_MESSAGE:
        if (again && field->label != PROTOBUF_C_LABEL_REPEATED) {
            return refuse(state, MESSAGE_TWICE, message, field);
        }
        return check_message(state, field->descriptor, body, depth + 1);
    default:
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            return refuse(state, MESSAGE_WRONG_WIRE_TYPE, message, field);
        }
        return check_packed(state, message, field, body);
    }
}

/// Takes a field's value off the reader; for a length-delimited one `body` is what is in it.
INLINE message_fault read_value(reader *in, unsigned wire, reader *body) {
    size_t left = (size_t)(in->end - in->at), length;
    number number;
    *body = *in;
    switch (wire) {
    case VARINT:
        number = read_varint(*in);
        if (number.next == NULL) {
            return varint_fault(*in);
        }
        length = (size_t)(number.next - in->at);
        break;
    case FIXED64:
        length = 8;
        break;
    case FIXED32:
        length = 4;
        break;
    case LENGTH:
        number = read_varint(*in);
        if (number.next == NULL) {
            return varint_fault(*in);
        }
        body->at = number.next;
        left = (size_t)(in->end - number.next);
        length = number.value;
        break;
    default:
        return MESSAGE_BAD_WIRE_TYPE;
    }
    if (length > left) {
        return MESSAGE_TRUNCATED;
    }
    body->end = in->at = body->at + length;
    return MESSAGE_OK;
}

static bool check_message(
    state *state, const ProtobufCMessageDescriptor *message, reader in, unsigned depth) {
    if (depth > DEEPEST) {
        return refuse(state, MESSAGE_TOO_DEEP, message, NULL);
    }
    if (!spend(state, message->sizeof_message + 16, message, NULL)) {
        return false;
    }
    uint64_t seen[SEEN_FIELDS / 64] = {0};
    unsigned last = 0;
    while (in.at < in.end) {
        number tag = read_varint(in);
        if (tag.next == NULL) {
            return refuse(state, varint_fault(in), message, NULL);
        }
        in.at = tag.next;
        if (tag.value >> 3 == 0 || tag.value > UINT32_MAX) {
            return refuse(state, MESSAGE_BAD_FIELD_NUMBER, message, NULL);
        }
        const ProtobufCFieldDescriptor *field = find(message, (uint32_t)(tag.value >> 3), &last);
        unsigned wire = tag.value & 7;
        reader body;
        message_fault fault = read_value(&in, wire, &body);
        if (fault != MESSAGE_OK) {
            return refuse(state, fault, message, field);
        }
        if (field == NULL) {
            if (!spend(state, UNKNOWN_COST + (size_t)(body.end - body.at), message, NULL)) {
                return false;
            }
            continue;
        }
        if (!spend(state, SCAN_COST, message, field)) {
            return false;
        }
        if (wire != LENGTH) {
            if (wire != wire_types[field->type]) {
                return refuse(state, MESSAGE_WRONG_WIRE_TYPE, message, field);
            }
            continue;
        }
        uint64_t *word = &seen[last / 64 % (SEEN_FIELDS / 64)], bit = (uint64_t)(last < SEEN_FIELDS) << last % 64;
        bool again = (*word & bit) != 0;
        *word |= bit;
        if (!check_body(state, message, field, body, again, depth)) {
            return false;
        }
    }
    return true;
}

message_finding message_check(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget) {
    state state = {.budget = budget, .finding = {MESSAGE_OK, NULL, NULL}};
    check_message(&state, descriptor, (reader){bytes, bytes + count}, 0);
    return state.finding;
}
