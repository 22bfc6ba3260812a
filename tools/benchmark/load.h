// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { histogram_parts = 64 };

// What a call is:
// - unary: a request and its answer.
// - stream: a message on the one stream of its connection, and the answer to it.
// - exchange: a stream with one message each way, which the client closes once it has the answer.
// - watch: a message that the server sends on the one stream of its connection.
enum shape { unary, stream, exchange, watch };

// Durations in classes that are 1/64 of a power of two wide.
struct histogram {
    uint64_t counts[64 * histogram_parts];
};

struct buffer {
    uint8_t *bytes;
    size_t start, end, capacity;
};

// A call in flight; an ID of 0 means none.
struct slot {
    uint32_t id;
    uint64_t start;
    size_t received;
};

struct connection {
    int fd;
    uint32_t next_id;
    size_t in_flight, slot_mask;
    uint64_t begun;
    struct slot *slots;
    struct buffer in, out;
    bool waits_for_writing;
    struct http2 *http2;
};

struct load {
    const char *socket;
    const struct protocol *protocol;
    enum shape shape;
    // What is called: "package.Service/Method" and an encoded message.
    const char *method;
    uint8_t *message;
    size_t message_size;
    size_t connections, in_flight;
    // How many calls each connection makes; 0: as many as there is time for.
    uint64_t calls_per_connection;
    // Begin calls only when none is in flight.
    bool in_batches;
    uint64_t duration, warmup;
    pid_t server;
    int epoll;
    uint64_t now;
    uint64_t calls, errors;
    struct histogram latency;
};

struct protocol {
    // Encodes what all connections send.
    void (*prepare)(const struct load *load);
    // Queues what a connection begins with.
    void (*open)(struct connection *c, struct load *load);
    // Queues one more call; returns false if that has to wait.
    bool (*begin)(struct connection *c, struct load *load);
    // Takes the whole frames of the input.
    void (*received)(struct connection *c, struct load *load);
};

extern const struct protocol ttrpc, grpc;

// Makes room for `size` more bytes, and returns where they go.
uint8_t *buffer_room(struct buffer *buffer, size_t size);
// Appends a copy of the bytes.
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);

// A slot for the call with this ID, or NULL if an older call still has it.
struct slot *slot_take(struct connection *c, const struct load *load, uint32_t id);
// The slot of the call with this ID; counts an error if there is none.
struct slot *slot_find(struct connection *c, struct load *load, uint32_t id);
// Counts the call, and tells the first time when it has failed; `reason` is what the server said.
void slot_finish(
    struct connection *c, struct load *load, struct slot *slot, bool succeeded, const void *reason, size_t length);

// Calls for a while, and prints what it took.
int run_load(struct load *load);
// Makes the calls of each connection, says so, and keeps the connections until stdin ends.
int run_held(struct load *load);
// Starts the server, times it to its first answer, and ends it.
int run_start(struct load *load, char **command);

// Says what failed, with errno, and exits.
_Noreturn void die(const char *what);

uint64_t nanoseconds(void);
void histogram_add(struct histogram *histogram, uint64_t value);
double histogram_percentile(const struct histogram *histogram, double part);

// A connected, blocking socket, or -1.
int connect_to(const char *path);
void set_nonblocking(int fd);
void raise_descriptor_limit(void);
void pin(int cpu);

pid_t spawn(char **command);
bool is_running(pid_t process);
void stop(pid_t process);
// What all threads of a process have run, in nanoseconds; 0 without a process.
uint64_t process_cpu(pid_t process);
long process_rss(pid_t process);
