// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_check.h"

#include <stdbool.h>
#include <string.h>

/// The default of the other protobuf runtimes.
enum { DEEPEST = 100 };

/// Fields of one message whose second coming is noticed; no message of ours has nearly as many.
enum { SEEN_FIELDS = 256 };

/// What protobuf-c takes from the arena for a field while it reads a message, beside its value: its notes of the field
/// and the room for them, which an arena does not take back.
enum { SCAN_COST = 96, UNKNOWN_COST = 64 };

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

typedef struct reader {
    const uint8_t *at;
    const uint8_t *end;
} reader;

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

static message_fault read_varint(reader *in, uint64_t *value) {
    const uint8_t *at = in->at;
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (at == in->end) {
            return MESSAGE_TRUNCATED;
        }
        uint8_t byte = *at++;
        // The tenth byte has room for one bit.
        if (shift == 63 && byte > 1) {
            return MESSAGE_BAD_VARINT;
        }
        result |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            in->at = at;
            *value = result;
            return MESSAGE_OK;
        }
    }
    return MESSAGE_BAD_VARINT;
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

static message_fault check_text(const uint8_t *at, size_t count) {
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    const uint8_t *end = at + count;
    while (at < end) {
        // Eight plain bytes at a time: none has its high bit set, and subtracting one borrows from none.
        if (end - at >= 8) {
            uint64_t word;
            memcpy(&word, at, sizeof word);
            if (((word | (word - ones)) & highs) == 0) {
                at += 8;
                continue;
            }
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

static unsigned wire_type(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return LENGTH;
    default:
        return VARINT;
    }
}

/// The field of a number, or NULL. Fields mostly come in order, so the one after the last is looked at first.
static const ProtobufCFieldDescriptor *find(
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

static message_fault skip_varints(reader in, size_t *count) {
    while (in.at < in.end) {
        uint64_t value;
        message_fault fault = read_varint(&in, &value);
        if (fault != MESSAGE_OK) {
            return fault;
        }
        *count += 1;
    }
    return MESSAGE_OK;
}

static bool check_message(
    state *state, const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t count, unsigned depth);

/// A list of numbers in one field.
static bool check_packed(
    state *state, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, reader body) {
    size_t length = (size_t)(body.end - body.at), elements = 0;
    message_fault fault = MESSAGE_OK;
    switch (wire_type(field->type)) {
    case FIXED32:
        elements = length / 4;
        fault = length % 4 == 0 ? MESSAGE_OK : MESSAGE_TRUNCATED;
        break;
    case FIXED64:
        elements = length / 8;
        fault = length % 8 == 0 ? MESSAGE_OK : MESSAGE_TRUNCATED;
        break;
    default:
        fault = skip_varints(body, &elements);
    }
    if (fault != MESSAGE_OK) {
        return refuse(state, fault, message, field);
    }
    return spend(state, elements * 8, message, field);
}

static bool check_length_delimited(
    state *state, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, reader body,
    bool seen, unsigned depth) {
    size_t length = (size_t)(body.end - body.at);
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    if (repeated && wire_type(field->type) != LENGTH) {
        return check_packed(state, message, field, body);
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        message_fault fault = check_text(body.at, length);
        if (fault != MESSAGE_OK) {
            return refuse(state, fault, message, field);
        }
        return spend(state, length + 32, message, field);
    }
    case PROTOBUF_C_TYPE_BYTES:
        return spend(state, length + 32, message, field);
    case PROTOBUF_C_TYPE_MESSAGE:
        if (!repeated && seen) {
            return refuse(state, MESSAGE_TWICE, message, field);
        }
        return check_message(state, field->descriptor, body.at, length, depth + 1);
    default:
        return refuse(state, MESSAGE_WRONG_WIRE_TYPE, message, field);
    }
}

/// Takes a field's value off the reader; for a length-delimited one `body` is what is in it.
static message_fault read_value(reader *in, unsigned wire, reader *body) {
    uint64_t value = 0;
    message_fault fault = MESSAGE_OK;
    body->at = in->at;
    switch (wire) {
    case VARINT:
        fault = read_varint(in, &value);
        break;
    case FIXED64:
    case FIXED32:
        value = wire == FIXED64 ? 8 : 4;
        if ((size_t)(in->end - in->at) < value) {
            return MESSAGE_TRUNCATED;
        }
        in->at += value;
        break;
    case LENGTH:
        fault = read_varint(in, &value);
        if (fault != MESSAGE_OK) {
            return fault;
        }
        if (value > (size_t)(in->end - in->at)) {
            return MESSAGE_TRUNCATED;
        }
        body->at = in->at;
        in->at += value;
        break;
    default:
        return MESSAGE_BAD_WIRE_TYPE;
    }
    body->end = in->at;
    return fault;
}

static bool check_message(
    state *state, const ProtobufCMessageDescriptor *message, const uint8_t *bytes, size_t count, unsigned depth) {
    if (depth > DEEPEST) {
        return refuse(state, MESSAGE_TOO_DEEP, message, NULL);
    }
    if (!spend(state, message->sizeof_message + 16, message, NULL)) {
        return false;
    }
    reader in = {bytes, bytes + count};
    uint64_t seen[SEEN_FIELDS / 64] = {0};
    unsigned last = 0;
    while (in.at < in.end) {
        uint64_t tag;
        message_fault fault = read_varint(&in, &tag);
        if (fault != MESSAGE_OK) {
            return refuse(state, fault, message, NULL);
        }
        if (tag >> 3 == 0 || tag > UINT32_MAX) {
            return refuse(state, MESSAGE_BAD_FIELD_NUMBER, message, NULL);
        }
        const ProtobufCFieldDescriptor *field = find(message, (uint32_t)(tag >> 3), &last);
        unsigned wire = tag & 7;
        reader body;
        fault = read_value(&in, wire, &body);
        if (fault != MESSAGE_OK) {
            return refuse(state, fault, message, field);
        }
        if (!spend(state, SCAN_COST, message, field)) {
            return false;
        }
        if (field == NULL) {
            if (!spend(state, UNKNOWN_COST + (size_t)(body.end - body.at), message, NULL)) {
                return false;
            }
            continue;
        }
        bool again = false;
        if (last < SEEN_FIELDS) {
            again = seen[last / 64] >> (last % 64) & 1;
            seen[last / 64] |= (uint64_t)1 << (last % 64);
        }
        if (wire == LENGTH) {
            if (!check_length_delimited(state, message, field, body, again, depth)) {
                return false;
            }
        } else if (wire != wire_type(field->type)) {
            return refuse(state, MESSAGE_WRONG_WIRE_TYPE, message, field);
        }
    }
    return true;
}

message_finding message_check(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget) {
    state state = {.budget = budget, .finding = {MESSAGE_OK, NULL, NULL}};
    check_message(&state, descriptor, bytes, count, 0);
    return state.finding;
}
