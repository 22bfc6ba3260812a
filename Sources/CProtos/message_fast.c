// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_fast.h"

#include "message_text_check.h"

#if defined(__has_attribute)
#if __has_attribute(musttail) && __has_attribute(preserve_none)
#define HAS_HANDLERS 1
#endif
#endif

#ifdef HAS_HANDLERS

// What is most common is read by handlers that call each other in place of a loop, with everything in registers. A
// handler writes nothing before it is sure that the field is all right; everything else is done by message_read_field,
// which alone knows the order of faults.

#define PLAIN_HANDLER __attribute__((preserve_none)) bool
#define HANDLER __attribute__((noinline)) PLAIN_HANDLER
#define STATE                                                                                                          \
    uint8_t *at, uint8_t *end, char *message, const message_table *table, const table_field *field,                   \
        unsigned char *unused, size_t budget, message_frame *frame, message_walk *walk
#define GO(handler)                                                                                                    \
    __attribute__((musttail)) return handler(at, end, message, table, field, unused, budget, frame, walk)

typedef PLAIN_HANDLER handler(STATE);

#define LIKELY(condition) __builtin_expect(condition, 1)

/// Leaves a field for which this does not hold to `other_field`.
#define NEEDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!LIKELY(condition)) {                                                                                      \
            GO(other_field);                                                                                           \
        }                                                                                                              \
    } while (0)

_Static_assert(sizeof(table_field) == 32, "the number in a first byte times 4 is the offset of its entry");

/// Goes to the handler of the field at `at`.
#define NEXT                                                                                                           \
    do {                                                                                                               \
        if (at == end) {                                                                                               \
            GO(end_message);                                                                                           \
        }                                                                                                              \
        field = (const void *)((const char *)table->by_number + ((unsigned)*at * 4 & table->mask));                    \
        if (!LIKELY(field->tag == *at)) {                                                                              \
            GO(long_tag);                                                                                              \
        }                                                                                                              \
        GO(((handler *)field->handler));                                                                               \
    } while (0)

static handler end_message, long_tag, other_field;

/// A field that no other handler reads.
static HANDLER other_field(STATE) {
    if (field != NULL && field->tag >= 0x80) {
        *--at = (uint8_t)(field->tag | 0x80);
    }
    walk->at = at;
    walk->end = end;
    walk->message = message;
    walk->table = table;
    walk->arena->at = unused;
    walk->budget = budget;
    walk->frame = frame;
    if (!message_read_field(walk)) {
        return false;
    }
    at = walk->at;
    end = walk->end;
    message = walk->message;
    table = walk->table;
    unused = walk->arena->at;
    budget = walk->budget;
    frame = walk->frame;
    NEXT;
}

/// A field whose tag is not the first byte of one: it may be one of two bytes.
static HANDLER long_tag(STATE) {
    unsigned tag = (at[0] & 0x7F) | (unsigned)at[1] << 7, index = (tag >> 3) - 1;
    // The numbers of most messages have no gaps.
    if (at[0] >= 0x80 && at[1] > 0 && at[1] < 0x80 && index < table->count && table->fields[index].tag == tag) {
        field = &table->fields[index];
        *at++ = 0;
        GO(((handler *)field->handler));
    }
    field = NULL;
    GO(other_field);
}

static HANDLER end_message(STATE) {
    if (!LIKELY((table->required & ~frame->seen) == 0)) {
        walk->is_undecodable = true;
    }
    if (frame == walk->frames) {
        walk->arena->at = unused;
        return true;
    }
    frame--;
    end = frame->end;
    message = frame->message;
    table = frame->table;
    NEXT;
}

/// The length of up to two bytes at the start of a text or message. Returns what is behind it, NULL for a longer one.
INLINE uint8_t *read_length(uint8_t *at, size_t *length) {
    *length = at[0];
    if (LIKELY(*length < 0x80)) {
        return at + 1;
    }
    *length = (*length & 0x7F) | (size_t)at[1] << 7;
    return at[1] < 0x80 ? at + 2 : NULL;
}

static HANDLER read_text(STATE) {
    size_t length;
    uint8_t *text = read_length(at + 1, &length);
    NEEDS(text != NULL);
    NEEDS((ptrdiff_t)length <= end - text);
    NEEDS(budget >= FIELD_COST + TEXT_COST + length);
    NEEDS(is_plain_text(text, length));
    budget -= FIELD_COST + TEXT_COST + length;
    *at = 0;
    store_pointer(message + field->offset, text);
    at = text + length;
    NEXT;
}

/// A text in a oneof, which is its first field.
static HANDLER read_chosen_text(STATE) {
    size_t length;
    uint8_t *text = read_length(at + 1, &length);
    NEEDS(load32(message + field->quantifier) == 0);
    NEEDS(text != NULL);
    NEEDS((ptrdiff_t)length <= end - text);
    NEEDS(budget >= FIELD_COST + TEXT_COST + length);
    NEEDS(is_plain_text(text, length));
    budget -= FIELD_COST + TEXT_COST + length;
    *at = 0;
    store32(message + field->quantifier, field->presence);
    store_pointer(message + field->offset, text);
    at = text + length;
    NEXT;
}

static HANDLER read_bytes(STATE) {
    size_t length;
    uint8_t *bytes = read_length(at + 1, &length);
    NEEDS(bytes != NULL);
    NEEDS((ptrdiff_t)length <= end - bytes);
    NEEDS(budget >= FIELD_COST + TEXT_COST + length);
    budget -= FIELD_COST + TEXT_COST + length;
    *at = 0;
    store32(message + field->quantifier, field->presence);
    ProtobufCBinaryData data = {length, length == 0 ? NULL : bytes};
    memcpy(message + field->offset, &data, sizeof data);
    at = bytes + length;
    NEXT;
}

/// Starts a message at `unused`, whose pointer is stored at `place`.
#define ENTER(place, body, length)                                                                                     \
    do {                                                                                                               \
        const message_table *sub = field->sub;                                                                         \
        budget -= sub->field_cost;                                                                                     \
        *at = 0;                                                                                                       \
        store_pointer(place, unused);                                                                                  \
        frame->end = end;                                                                                              \
        frame->message = message;                                                                                      \
        frame->table = table;                                                                                          \
        frame++;                                                                                                       \
        frame->seen = 0;                                                                                               \
        message = (char *)unused;                                                                                      \
        start_struct(unused, sub);                                                                                     \
        unused += sub->size;                                                                                           \
        table = sub;                                                                                                   \
        at = body;                                                                                                     \
        end = body + length;                                                                                           \
        NEXT;                                                                                                          \
    } while (0)

static HANDLER read_message(STATE) {
    size_t length;
    uint8_t *body = read_length(at + 1, &length);
    NEEDS(body != NULL);
    NEEDS((ptrdiff_t)length <= end - body);
    NEEDS(budget >= field->sub->field_cost);
    NEEDS(load_pointer(message + field->offset) == NULL);
    NEEDS(frame != walk->frames + DEEPEST);
    NEEDS((size_t)(walk->arena->end - unused) >= field->sub->size);
    ENTER(message + field->offset, body, length);
}

static HANDLER read_chosen_message(STATE) {
    size_t length;
    uint8_t *body = read_length(at + 1, &length);
    NEEDS(load32(message + field->quantifier) == 0);
    NEEDS(body != NULL);
    NEEDS((ptrdiff_t)length <= end - body);
    NEEDS(budget >= field->sub->field_cost);
    NEEDS(frame != walk->frames + DEEPEST);
    NEEDS((size_t)(walk->arena->end - unused) >= field->sub->size);
    store32(message + field->quantifier, field->presence);
    ENTER(message + field->offset, body, length);
}

/// Makes a list of pointers larger, then reads the field.
static HANDLER grow_list(STATE) {
    char *array = load_pointer(message + field->offset);
    size_t count = 0, capacity = (FIRST_LIST - LIST_HEADER) / sizeof(void *);
    if (array != NULL) {
        count = load_size(message + field->quantifier);
        capacity = 2 * count;
    }
    size_t size = LIST_HEADER + capacity * sizeof(void *);
    if ((size_t)(walk->arena->end - unused) < size) {
        GO(other_field);
    }
    char *larger = (char *)unused + LIST_HEADER;
    unused += size;
    memcpy(larger - LIST_HEADER, &capacity, sizeof capacity);
    for (size_t i = 0; i < count; i++) {
        store_pointer(larger + i * sizeof(void *), load_pointer(array + i * sizeof(void *)));
    }
    store_pointer(message + field->offset, larger);
    GO(((handler *)field->handler));
}

static HANDLER read_listed_text(STATE) {
    char *array = load_pointer(message + field->offset);
    size_t count = load_size(message + field->quantifier), length;
    if (array == NULL || count == load_size(array - LIST_HEADER)) {
        GO(grow_list);
    }
    uint8_t *text = read_length(at + 1, &length);
    NEEDS(text != NULL);
    NEEDS((ptrdiff_t)length <= end - text);
    NEEDS(budget >= FIELD_COST + TEXT_COST + length);
    NEEDS(is_plain_text(text, length));
    budget -= FIELD_COST + TEXT_COST + length;
    *at = 0;
    store_pointer(array + count * sizeof(void *), text);
    count++;
    memcpy(message + field->quantifier, &count, sizeof count);
    at = text + length;
    NEXT;
}

static HANDLER read_listed_message(STATE) {
    char *array = load_pointer(message + field->offset);
    size_t count = load_size(message + field->quantifier), length;
    if (array == NULL || count == load_size(array - LIST_HEADER)) {
        GO(grow_list);
    }
    uint8_t *body = read_length(at + 1, &length);
    NEEDS(body != NULL);
    NEEDS((ptrdiff_t)length <= end - body);
    NEEDS(budget >= field->sub->field_cost);
    NEEDS(frame != walk->frames + DEEPEST);
    NEEDS((size_t)(walk->arena->end - unused) >= field->sub->size);
    char *place = array + count * sizeof(void *);
    count++;
    memcpy(message + field->quantifier, &count, sizeof count);
    ENTER(place, body, length);
}

/// Returns what is behind a number, NULL for one of more than 64 bits.
INLINE uint8_t *read_number(uint8_t *at, uint64_t *number) {
    uint64_t value = at[0];
    for (unsigned shift = 7; *at >= 0x80; shift += 7) {
        at++;
        if (shift == 63 && *at > 1) {
            return NULL;
        }
        // Each byte takes the bit away that said that it follows.
        value += ((uint64_t)*at - 1) << shift;
    }
    *number = value;
    return at + 1;
}

/// The handlers of a kind of number, and of such a number that is the first field in a oneof.
#define NUMBER_HANDLERS(name, chosen, kind)                                                                            \
    static HANDLER name(STATE) {                                                                                       \
        uint64_t number;                                                                                               \
        uint8_t *next = read_number(at + 1, &number);                                                                  \
        NEEDS(next != NULL);                                                                                           \
        NEEDS(next <= end);                                                                                            \
        NEEDS(budget >= FIELD_COST);                                                                                   \
        budget -= FIELD_COST;                                                                                          \
        *at = 0;                                                                                                       \
        store32(message + field->quantifier, field->presence);                                                         \
        store_number(message + field->offset, kind, number);                                                           \
        at = next;                                                                                                     \
        NEXT;                                                                                                          \
    }                                                                                                                  \
    static HANDLER chosen(STATE) {                                                                                     \
        NEEDS(load32(message + field->quantifier) == 0);                                                               \
        GO(name);                                                                                                      \
    }

NUMBER_HANDLERS(read_int32, read_chosen_int32, INT32)
NUMBER_HANDLERS(read_int64, read_chosen_int64, INT64)
NUMBER_HANDLERS(read_bool, read_chosen_bool, BOOL)

static HANDLER read_fixed64(STATE) {
    NEEDS(end - at >= 9);
    NEEDS(budget >= FIELD_COST);
    budget -= FIELD_COST;
    *at = 0;
    store32(message + field->quantifier, field->presence);
    store64(message + field->offset, load_fixed64(at + 1));
    at += 9;
    NEXT;
}

static HANDLER read_chosen_fixed64(STATE) {
    NEEDS(load32(message + field->quantifier) == 0);
    GO(read_fixed64);
}

const void *message_handler(uint8_t kind) {
    static handler *const handlers[KINDS] = {
        [TEXT] = read_text,
        [IN_ONEOF | TEXT] = read_chosen_text,
        [IN_LIST | TEXT] = read_listed_text,
        [BYTES] = read_bytes,
        [MESSAGE] = read_message,
        [IN_ONEOF | MESSAGE] = read_chosen_message,
        [IN_LIST | MESSAGE] = read_listed_message,
        [INT32] = read_int32,
        [IN_ONEOF | INT32] = read_chosen_int32,
        [INT64] = read_int64,
        [IN_ONEOF | INT64] = read_chosen_int64,
        [BOOL] = read_bool,
        [IN_ONEOF | BOOL] = read_chosen_bool,
        [FIXED64] = read_fixed64,
        [IN_ONEOF | FIXED64] = read_chosen_fixed64,
    };
    return (const void *)(handlers[kind] == NULL ? other_field : handlers[kind]);
}

static HANDLER first_field(STATE) {
    NEXT;
}

bool message_read(message_walk *walk) {
    return first_field(
        walk->at, walk->end, walk->message, walk->table, NULL, walk->arena->at, walk->budget, walk->frame, walk);
}

#else

/// Ends the message that was read. Returns false when it was the outermost.
static bool leave(message_walk *walk) {
    walk->is_undecodable |= (walk->table->required & ~walk->frame->seen) != 0;
    if (walk->frame == walk->frames) {
        return false;
    }
    message_frame *frame = --walk->frame;
    walk->end = frame->end;
    walk->message = frame->message;
    walk->table = frame->table;
    return true;
}

const void *message_handler(uint8_t kind) {
    (void)kind;
    return NULL;
}

bool message_read(message_walk *walk) {
    for (;;) {
        while (walk->at == walk->end) {
            if (!leave(walk)) {
                return true;
            }
        }
        if (!message_read_field(walk)) {
            return false;
        }
    }
}

#endif
