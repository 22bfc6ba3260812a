// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_table.h"

#include "message_fast.h"
#include "message_walk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// At most half of the slots are taken, so that a search ends soon.
enum { SLOT_BITS = 10, SLOTS = 1 << SLOT_BITS, MOST_TABLES = SLOTS / 2 };

/// A struct is allocated and copied in steps of this size.
enum { STEP = 32 };

/// Tables by a hash of their descriptor. Readers take no lock: a table does not change any more when it is stored.
static _Atomic(message_table *) slots[SLOTS];
static pthread_mutex_t building = PTHREAD_MUTEX_INITIALIZER;
/// How many tables are stored; belongs to `building`.
static unsigned stored;

static unsigned slot_of(const ProtobufCMessageDescriptor *descriptor) {
    return (unsigned)(((uint64_t)(uintptr_t)descriptor * 0x9E3779B97F4A7C15) >> (64 - SLOT_BITS));
}

static message_table *find_stored(const ProtobufCMessageDescriptor *descriptor) {
    for (unsigned slot = slot_of(descriptor);; slot = (slot + 1) % SLOTS) {
        message_table *table = atomic_load_explicit(&slots[slot], memory_order_acquire);
        if (table == NULL || table->descriptor == descriptor) {
            return table;
        }
    }
}

static void store(message_table *table) {
    unsigned slot = slot_of(table->descriptor);
    while (atomic_load_explicit(&slots[slot], memory_order_relaxed) != NULL) {
        slot = (slot + 1) % SLOTS;
    }
    atomic_store_explicit(&slots[slot], table, memory_order_release);
}

static uint8_t value_kind(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        return INT32;
    case PROTOBUF_C_TYPE_SINT32:
        return SINT32;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return INT64;
    case PROTOBUF_C_TYPE_SINT64:
        return SINT64;
    case PROTOBUF_C_TYPE_BOOL:
        return BOOL;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return FIXED64;
    case PROTOBUF_C_TYPE_STRING:
        return TEXT;
    case PROTOBUF_C_TYPE_BYTES:
        return BYTES;
    case PROTOBUF_C_TYPE_MESSAGE:
        return MESSAGE;
    }
    return 0;
}

const uint8_t message_wire_types[] = {
    [INT32] = WIRE_VARINT,    [SINT32] = WIRE_VARINT,   [INT64] = WIRE_VARINT,
    [SINT64] = WIRE_VARINT,   [BOOL] = WIRE_VARINT,     [FIXED32] = WIRE_FIXED32,
    [FIXED64] = WIRE_FIXED64, [TEXT] = WIRE_LENGTH,     [BYTES] = WIRE_LENGTH,
    [MESSAGE] = WIRE_LENGTH,
};

const uint8_t message_value_sizes[] = {
    [INT32] = 4,
    [SINT32] = 4,
    [INT64] = 8,
    [SINT64] = 8,
    [BOOL] = sizeof(protobuf_c_boolean),
    [FIXED32] = 4,
    [FIXED64] = 8,
    [TEXT] = sizeof(char *),
    [BYTES] = sizeof(ProtobufCBinaryData),
    [MESSAGE] = sizeof(void *),
};

static uint8_t union_size(const ProtobufCMessageDescriptor *descriptor, unsigned quantifier) {
    uint8_t largest = 0;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 || field->quantifier_offset != quantifier) {
            continue;
        }
        uint8_t size = message_value_sizes[value_kind(field->type)];
        largest = size > largest ? size : largest;
    }
    return largest;
}

/// Fills an entry; `bits` counts the bits that are taken. The tables of other types are found later.
static bool fill(message_table *table, unsigned index, unsigned *bits) {
    const ProtobufCFieldDescriptor *field = &table->descriptor->fields[index];
    uint8_t kind = value_kind(field->type);
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED, is_in_oneof = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
    bool is_required = field->label == PROTOBUF_C_LABEL_REQUIRED;
    bool has_quantifier = is_list || is_in_oneof || (!is_required && field->quantifier_offset != 0);
    table_field *entry = &table->fields[index];
    *entry = (table_field){
        .tag = field->id << 3 | (is_list ? WIRE_LENGTH : message_wire_types[kind]),
        .presence = is_in_oneof ? field->id : 1, .offset = (uint16_t)field->offset,
        .quantifier = (uint16_t)(has_quantifier ? field->quantifier_offset : field->offset),
        .kind = kind | (is_list ? IN_LIST : is_in_oneof ? IN_ONEOF : is_required ? REQUIRED : 0),
        .written_as = is_list ? WRITTEN_LIST : field->label == PROTOBUF_C_LABEL_NONE && !is_in_oneof ? kind : 0,
        .union_size = is_in_oneof ? union_size(table->descriptor, field->quantifier_offset) : 0,
    };
    entry->handler = message_handler(entry->kind);
    if (is_required || (kind == MESSAGE && !is_list)) {
        if (*bits == 64) {
            return false;
        }
        entry->bit = (uint8_t)(*bits)++;
        table->required |= is_required && field->default_value == NULL ? UINT64_C(1) << entry->bit : 0;
    }
    if (field->id <= table->mask >> 5) {
        table->by_number[field->id] = *entry;
        table->indices[field->id] = (uint8_t)index;
    }
    return kind != 0;
}

/// A table whose entries do not lead to other tables yet.
static message_table *create(const ProtobufCMessageDescriptor *descriptor) {
    size_t count = descriptor->n_fields, size = (descriptor->sizeof_message + STEP - 1) / STEP * STEP;
    if (descriptor->sizeof_message > UINT16_MAX || count > UINT16_MAX) {
        return NULL;
    }
    unsigned mask = 0;
    for (size_t i = 0; i < count; i++) {
        while (descriptor->fields[i].id < 16 && descriptor->fields[i].id > mask) {
            mask = mask * 2 + 1;
        }
    }
    message_table *table = calloc(1, sizeof *table + (mask + 1 + count) * sizeof(table_field) + size);
    if (table == NULL) {
        return NULL;
    }
    table->descriptor = descriptor;
    table->size = size;
    table->cost = descriptor->sizeof_message + 16;
    table->field_cost = FIELD_COST + table->cost;
    table->count = descriptor->n_fields;
    table->mask = mask << 5;
    table->fields = table->by_number + mask + 1;
    // No first byte is like this.
    for (unsigned i = 0; i <= mask; i++) {
        table->by_number[i].tag = UINT32_MAX;
    }
    memset(table->indices, NO_INDEX, sizeof table->indices);
    unsigned char *image = (unsigned char *)(table->fields + count);
    protobuf_c_message_init(descriptor, image);
    table->image = image;
    unsigned bits = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!fill(table, i, &bits)) {
            free(table);
            return NULL;
        }
    }
    return table;
}

/// Finds the tables of a type's fields; appends those that are made for it to `last`. Moves `last` to the last one.
static bool link_fields(message_table *table, message_table *first, message_table **last) {
    const ProtobufCMessageDescriptor *descriptor = table->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        if (descriptor->fields[i].type != PROTOBUF_C_TYPE_MESSAGE) {
            continue;
        }
        const ProtobufCMessageDescriptor *wanted = descriptor->fields[i].descriptor;
        message_table *sub = find_stored(wanted);
        for (message_table *other = first; sub == NULL && other != NULL; other = other->next) {
            sub = other->descriptor == wanted ? other : NULL;
        }
        if (sub == NULL) {
            sub = create(wanted);
            if (sub == NULL) {
                return false;
            }
            (*last)->next = sub;
            *last = sub;
        }
        table->fields[i].sub = sub;
        if (descriptor->fields[i].id <= table->mask >> 5) {
            table->by_number[descriptor->fields[i].id].sub = sub;
        }
    }
    return true;
}

/// Makes the table of a type and those of all types in it, and stores them together: or none of them.
static const message_table *build(const ProtobufCMessageDescriptor *descriptor) {
    message_table *first = create(descriptor), *last = first;
    unsigned count = 0;
    bool is_complete = true;
    for (message_table *table = first; is_complete && table != NULL; table = table->next) {
        count++;
        is_complete = link_fields(table, first, &last);
    }
    is_complete = is_complete && count <= MOST_TABLES - stored;
    for (message_table *table = first, *next; table != NULL; table = next) {
        next = table->next;
        if (is_complete) {
            store(table);
            stored++;
        } else {
            free(table);
        }
    }
    return is_complete ? first : NULL;
}

const message_table *message_table_of(const ProtobufCMessageDescriptor *descriptor) {
    const message_table *table = find_stored(descriptor);
    if (table != NULL) {
        return table;
    }
    pthread_mutex_lock(&building);
    table = find_stored(descriptor);
    if (table == NULL) {
        table = build(descriptor);
    }
    pthread_mutex_unlock(&building);
    return table;
}
