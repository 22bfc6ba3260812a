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

enum { header_size = 10, largest_request = 4096, histogram_parts = 64 };

// What is called; with a context it is the same one.
enum call { handle_runtime_context, resolve, resolve_with_context };

// Durations in classes that are 1/64 of a power of two wide.
struct histogram {
    uint64_t counts[64 * histogram_parts];
};

// A call under way; an ID of 0 means none.
struct slot {
    uint32_t id;
    uint64_t start;
};

struct connection {
    int fd;
    uint32_t next_id;
    size_t in_flight, slot_mask;
    struct slot *slots;
    uint8_t *out;
    size_t out_start, out_size;
    bool waits_for_writing;
    uint8_t in[16 << 10];
    size_t in_size;
};

struct load {
    const char *socket;
    size_t connections, in_flight;
    uint64_t duration, warmup;
    pid_t server;
    int epoll;
    uint8_t frame[largest_request];
    size_t frame_size;
    uint64_t calls, errors;
    struct histogram latency;
};

// Says what failed, with errno, and exits.
_Noreturn void die(const char *what);

uint64_t nanoseconds(void);
void histogram_add(struct histogram *histogram, uint64_t value);
double histogram_percentile(const struct histogram *histogram, double part);

// The frame of one call with stream ID 1; returns its size.
size_t encode_request(enum call call, uint8_t *frame, size_t capacity);
// Writes the message of a call, without its envelope, as gRPC frames it.
bool write_grpc_request(const struct load *load, FILE *file);
// Whether the envelope of an answer decodes and says OK.
bool response_is_ok(const uint8_t *body, size_t length);
// Makes one call on a blocking socket and says whether it went well.
bool call_once(int fd, const struct load *load);

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
