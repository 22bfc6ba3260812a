// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// The limits that tools/bench compares with: a plain epoll server that looks one header up and answers. It decodes
// envelope and payload by protobuf-c into an arena, and checks nothing; compiled with FLOOR it decodes them by the
// daemon's decoder; and with the argument `raw` it decodes nothing. It trusts its peer: never run it elsewhere.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "backends/v1/runtime_context.pb-c.h"
#include "ttrpc/ttrpc.pb-c.h"
#ifdef FLOOR
#include "message_decode.h"
#endif

enum { header_size = 10, first_read = 16 << 10, largest_frame = 4 << 20, arena_size = 1 << 20, turn = 256 };

// What a connection keeps between two readiness events: the rest of a frame, and answers the socket did not take.
struct connection {
    int fd;
    uint8_t *in;
    size_t in_size, in_capacity;
    uint8_t *out;
    size_t out_start, out_size, out_capacity;
    bool waits_for_writing;
};

// Whether nothing is decoded.
static bool is_raw;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *grown(void *bytes, size_t size) {
    void *result = realloc(bytes, size);
    if (!result) die("realloc");
    return result;
}

#ifdef FLOOR
static message_arena *arena;

static void arena_prepare(void) {
    arena = message_arena_create(arena_size);
    if (!arena) die("message_arena_create");
}

static void arena_reset(void) { message_arena_reset(arena); }

static void *decoded(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t length) {
    void *message;
    return message_decode(arena, descriptor, bytes, length, &message).fault == MESSAGE_OK ? message : NULL;
}
#else
struct arena {
    ProtobufCAllocator allocator;
    size_t used;
    _Alignas(16) uint8_t bytes[arena_size];
};

static struct arena arena;

static void *arena_allocate(void *data, size_t size) {
    struct arena *a = data;
    size = (size + 15) & ~(size_t)15;
    if (size > sizeof a->bytes - a->used) return NULL;
    void *result = a->bytes + a->used;
    a->used += size;
    return result;
}

static void arena_free(void *data, void *pointer) {
    (void)data;
    (void)pointer;
}

static void arena_prepare(void) { arena.allocator = (ProtobufCAllocator){arena_allocate, arena_free, &arena}; }

static void arena_reset(void) { arena.used = 0; }

static void *decoded(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t length) {
    return protobuf_c_message_unpack(descriptor, &arena.allocator, length, bytes);
}
#endif

static const char *header(const Backends__V1__HandleRuntimeContextRequest *request, const char *name) {
    const Backends__V1__RuntimeContext *context = request->context;
    if (!context || context->source_case != BACKENDS__V1__RUNTIME_CONTEXT__SOURCE_GRPC) return NULL;
    for (size_t i = 0; i < context->grpc->n_metadata; i++) {
        const Backends__V1__MetadataEntry *entry = context->grpc->metadata[i];
        if (strcasecmp(entry->key, name) == 0 && entry->value_case == BACKENDS__V1__METADATA_ENTRY__VALUE_TEXT) {
            return entry->text;
        }
    }
    return NULL;
}

// Writes the frame of the answer to `out` and returns its size.
static size_t answer(uint32_t stream_id, const Backends__V1__HandleRuntimeContextRequest *request, uint8_t *out) {
    const char *route = header(request, "x-route-to");
    Backends__V1__BackendContextResult result = BACKENDS__V1__BACKEND_CONTEXT_RESULT__INIT;
    result.backend = "local";
    result.outcome = route && strcmp(route, "local") == 0 ? BACKENDS__V1__CONTEXT_OUTCOME__CONTEXT_OUTCOME_HANDLED
                                                          : BACKENDS__V1__CONTEXT_OUTCOME__CONTEXT_OUTCOME_IGNORED;
    Backends__V1__BackendContextResult *results[] = {&result};
    Backends__V1__HandleRuntimeContextResponse reply = BACKENDS__V1__HANDLE_RUNTIME_CONTEXT_RESPONSE__INIT;
    reply.n_results = 1;
    reply.results = results;

    uint8_t payload[128];
    Ttrpc__Response envelope = TTRPC__RESPONSE__INIT;
    envelope.payload.len = backends__v1__handle_runtime_context_response__pack(&reply, payload);
    envelope.payload.data = payload;
    size_t length = ttrpc__response__pack(&envelope, out + header_size);
    uint32_t words[] = {htonl((uint32_t)length), htonl(stream_id)};
    memcpy(out, words, sizeof words);
    out[8] = 2;
    out[9] = 0;
    return header_size + length;
}

// The decoded request, or NULL.
static Backends__V1__HandleRuntimeContextRequest *request_in(const uint8_t *body, size_t length) {
    arena_reset();
    Ttrpc__Request *envelope = decoded(&ttrpc__request__descriptor, body, length);
    if (!envelope || strcmp(envelope->service, "backends.v1.RuntimeContextService") != 0 ||
        strcmp(envelope->method, "HandleRuntimeContext") != 0) {
        return NULL;
    }
    return decoded(
        &backends__v1__handle_runtime_context_request__descriptor, envelope->payload.data, envelope->payload.len);
}

static bool serve(struct connection *c, uint32_t stream_id, const uint8_t *body, size_t length) {
    static Backends__V1__HandleRuntimeContextRequest empty = BACKENDS__V1__HANDLE_RUNTIME_CONTEXT_REQUEST__INIT;
    const Backends__V1__HandleRuntimeContextRequest *request = is_raw ? &empty : request_in(body, length);
    if (!request) return false;
    if (c->out_capacity - c->out_size < 256) {
        c->out_capacity += c->out_capacity + 1024;
        c->out = grown(c->out, c->out_capacity);
    }
    c->out_size += answer(stream_id, request, c->out + c->out_size);
    return true;
}

// Serves every whole frame that has come in.
static bool parse(struct connection *c) {
    size_t at = 0;
    while (c->in_size - at >= header_size) {
        uint32_t words[2];
        memcpy(words, c->in + at, sizeof words);
        size_t length = ntohl(words[0]);
        if (length > largest_frame) return false;
        if (c->in_size - at - header_size < length) {
            if (c->in_capacity < header_size + length) {
                c->in_capacity = header_size + length;
                c->in = grown(c->in, c->in_capacity);
            }
            break;
        }
        if (!serve(c, ntohl(words[1]), c->in + at + header_size, length)) return false;
        at += header_size + length;
    }
    memmove(c->in, c->in + at, c->in_size - at);
    c->in_size -= at;
    return true;
}

static bool flush(struct connection *c, int epoll) {
    while (c->out_start < c->out_size) {
        ssize_t count = write(c->fd, c->out + c->out_start, c->out_size - c->out_start);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN) return false;
        if (count < 0) break;
        c->out_start += (size_t)count;
    }
    bool waits = c->out_start < c->out_size;
    if (!waits) c->out_start = c->out_size = 0;
    if (waits != c->waits_for_writing) {
        c->waits_for_writing = waits;
        struct epoll_event event = {.events = waits ? EPOLLOUT : EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
    }
    return true;
}

// One read, every frame in it, one write.
static bool ready(struct connection *c, uint32_t events, int epoll) {
    if (events & EPOLLOUT) return flush(c, epoll);
    if (c->in_capacity == c->in_size) {
        c->in_capacity = c->in_capacity ? c->in_capacity * 2 : first_read;
        c->in = grown(c->in, c->in_capacity);
    }
    ssize_t count = read(c->fd, c->in + c->in_size, c->in_capacity - c->in_size);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    c->in_size += (size_t)count;
    if (c->in_size == c->in_capacity && c->in_capacity < 256 << 10) {
        c->in_capacity *= 2;
        c->in = grown(c->in, c->in_capacity);
    }
    return parse(c) && flush(c, epoll);
}

static void accept_all(int listener, int epoll) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        struct connection *c = calloc(1, sizeof *c);
        if (!c) die("calloc");
        c->fd = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
}

static int listen_on(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "limit-server: the socket path is too long: %s\n", path);
        exit(2);
    }
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) die("socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(listener, 4096) < 0) die("listen");
    return listener;
}

int main(int count, char **arguments) {
    is_raw = count == 3 && strcmp(arguments[2], "raw") == 0;
    if (count != 2 && !is_raw) {
        fprintf(stderr, "usage: limit-server SOCKET [raw]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    arena_prepare();
    int listener = listen_on(arguments[1]);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll");
    for (;;) {
        struct epoll_event events[turn];
        int found = epoll_wait(epoll, events, turn, -1);
        for (int i = 0; i < found; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) {
                accept_all(listener, epoll);
            } else if (!ready(c, events[i].events, epoll)) {
                close(c->fd);
                free(c->in);
                free(c->out);
                free(c);
            }
        }
    }
}
