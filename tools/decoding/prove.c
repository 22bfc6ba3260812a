// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "compare.h"
#include "messages.h"
#include "oracle.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_LIMIT = 32 << 20, FAULTS = MESSAGE_NO_MEMORY + 1, THREADS = 8 };

typedef struct counts {
    uint64_t passed, failed, by_fault[FAULTS];
} counts;

static void report(const ProtobufCMessageDescriptor *type, const wire *message, size_t limit, const char *difference) {
    printf("%s, limit %zu: %s:", type->name, limit, difference);
    for (size_t i = 0; i < message->count && i < 100; i++) printf(" %02x", message->bytes[i]);
    printf("\n");
}

static void compare(counts *counts, const ProtobufCMessageDescriptor *type, const wire *message, size_t limit) {
    const char *difference = compare_decoders(type, message->bytes, message->count, limit);
    counts->by_fault[last_fault]++;
    if (!difference) {
        counts->passed++;
    } else if (counts->failed++ < 5) {
        report(type, message, limit, difference);
    }
}

/// Few messages have a limit that they may not fit.
static size_t any_limit(uint64_t *seed, const wire *message) {
    return draw_below(seed, 8) == 0 ? draw_below(seed, 300 + message->count * (1 + draw_below(seed, 60))) : USUAL_LIMIT;
}

static counts prove(uint64_t seed, uint64_t messages, uint64_t mutations) {
    static wire message, damaged, other;
    counts counts = {0};
    for (uint64_t i = 0; i < messages; i++) {
        const ProtobufCMessageDescriptor *type = message_types[i % message_type_count];
        make_message(&seed, type, &message);
        if (draw_below(&seed, 4) == 0) make_message(&seed, type, &other);
        compare(&counts, type, &message, any_limit(&seed, &message));
        for (uint64_t k = 0; k < mutations; k++) {
            memcpy(damaged.bytes, message.bytes, damaged.count = message.count);
            mutate_message(&seed, &damaged, &other);
            compare(&counts, type, &damaged, any_limit(&seed, &damaged));
        }
    }
    return counts;
}

/// Two messages of each type in one arena, then one that may find no memory there: then it leaves the arena as it was.
static counts prove_arena(uint64_t seed) {
    static wire message;
    counts counts = {0};
    uint64_t without_memory = 0;
    for (size_t i = 0; i < message_type_count * 10; i++) {
        const ProtobufCMessageDescriptor *type = message_types[i % message_type_count];
        make_message(&seed, type, &message);
        message_arena *arena = message_arena_create(USUAL_LIMIT);
        if (!arena) abort();
        void *decoded[2];
        bool is_right = true;
        if (message_decode(arena, type, message.bytes, message.count, &decoded[0]).fault == MESSAGE_OK) {
            message_finding again = message_decode(arena, type, message.bytes, message.count, &decoded[1]);
            is_right = again.fault == MESSAGE_OK && structs_equal(decoded[0], decoded[1]);
            size_t total = message_arena_total(arena), more = USUAL_LIMIT + arena->uncounted - total;
            is_right = is_right && message_arena_alloc(arena, more);
            total = message_arena_total(arena);
            message_finding last = message_decode(arena, type, message.bytes, message.count, &decoded[1]);
            is_right = is_right && (last.fault == MESSAGE_OK || last.fault == MESSAGE_NO_MEMORY);
            is_right = is_right && (last.fault == MESSAGE_OK || message_arena_total(arena) == total);
            without_memory += last.fault == MESSAGE_NO_MEMORY;
        }
        counts.passed += is_right;
        counts.failed += !is_right;
        message_arena_destroy(arena);
    }
    counts.failed += without_memory == 0;
    return counts;
}

typedef struct reader {
    pthread_t thread;
    uint64_t seed;
    uint64_t failed;
} reader;

static atomic_uint waiting = THREADS;

/// Decodes a message of each type, from a type of its own on.
static void *read_types(void *context) {
    static wire messages[THREADS];
    reader *reader = context;
    wire *message = &messages[reader->seed];
    uint64_t seed = reader->seed;
    message_arena *arena = message_arena_create(USUAL_LIMIT);
    if (!arena) abort();
    // So that they all come to the first tables at the same time.
    atomic_fetch_sub(&waiting, 1);
    while (atomic_load(&waiting) > 0) continue;
    for (size_t i = 0; i < message_type_count; i++) {
        const ProtobufCMessageDescriptor *type = message_types[(i + reader->seed % 3 * 40) % message_type_count];
        make_message(&seed, type, message);
        void *decoded = NULL;
        message_finding finding = message_decode(arena, type, message->bytes, message->count, &decoded);
        message_finding wanted = message_check(type, message->bytes, message->count, USUAL_LIMIT);
        reader->failed += wanted.fault != MESSAGE_OK && finding.fault != wanted.fault;
        reader->failed += finding.fault == MESSAGE_OK && ((ProtobufCMessage *)decoded)->descriptor != type;
        message_arena_reset(arena);
    }
    message_arena_destroy(arena);
    return NULL;
}

static counts prove_threads(void) {
    static reader readers[THREADS];
    counts counts = {0};
    for (unsigned i = 0; i < THREADS; i++) {
        readers[i].seed = i;
        if (pthread_create(&readers[i].thread, NULL, read_types, &readers[i]) != 0) abort();
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(readers[i].thread, NULL);
        counts.failed += readers[i].failed;
        counts.passed += message_type_count - readers[i].failed;
    }
    return counts;
}

/// `prove SEED MESSAGES MUTATIONS`, or `prove threads`.
int main(int argc, char **argv) {
    counts counts = {0};
    if (argc == 4) {
        counts = prove(strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
        struct counts more = prove_arena(strtoull(argv[1], NULL, 10));
        counts.passed += more.passed;
        counts.failed += more.failed;
        printf("faults:");
        for (int i = 0; i < FAULTS; i++) printf(" %" PRIu64, counts.by_fault[i]);
        printf("\n");
    } else if (argc == 2 && strcmp(argv[1], "threads") == 0) {
        counts = prove_threads();
    } else {
        fprintf(stderr, "usage: prove SEED MESSAGES MUTATIONS | prove threads\n");
        return 2;
    }
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", counts.passed, counts.failed);
    return counts.failed > 0;
}
