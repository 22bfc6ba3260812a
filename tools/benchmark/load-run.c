// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "load.h"

enum { kernel_turn = 256, first_read = 16 << 10 };

uint8_t *buffer_room(struct buffer *buffer, size_t size) {
    if (buffer->capacity - buffer->end < size) {
        size_t used = buffer->end - buffer->start;
        if (buffer->start) memmove(buffer->bytes, buffer->bytes + buffer->start, used);
        buffer->start = 0;
        buffer->end = used;
        if (buffer->capacity < used + size) {
            buffer->capacity = (used + size) * 2;
            buffer->bytes = realloc(buffer->bytes, buffer->capacity);
            if (!buffer->bytes) die("realloc");
        }
    }
    return buffer->bytes + buffer->end;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size) {
    if (size == 0) return;
    memcpy(buffer_room(buffer, size), bytes, size);
    buffer->end += size;
}

struct slot *slot_take(struct connection *c, const struct load *load, uint32_t id) {
    struct slot *slot = &c->slots[(id >> 1) & c->slot_mask];
    if (slot->id) return NULL;
    *slot = (struct slot){.id = id, .start = load->now};
    c->in_flight++;
    c->begun++;
    return slot;
}

struct slot *slot_find(struct connection *c, struct load *load, uint32_t id) {
    struct slot *slot = &c->slots[(id >> 1) & c->slot_mask];
    if (slot->id == id) return slot;
    load->errors++;
    return NULL;
}

void slot_finish(
    struct connection *c, struct load *load, struct slot *slot, bool succeeded, const void *reason, size_t length) {
    if (!succeeded && load->errors++ == 0) {
        fputs("load: a call failed: ", stderr);
        for (size_t i = 0; i < length; i++) {
            uint8_t byte = ((const uint8_t *)reason)[i];
            fputc(byte >= ' ' && byte < 127 ? byte : '.', stderr);
        }
        fputc('\n', stderr);
    }
    histogram_add(&load->latency, load->now - slot->start);
    load->calls++;
    slot->id = 0;
    c->in_flight--;
}

// Takes over a connected socket.
static void connection_open(struct connection *c, struct load *load, int fd) {
    memset(c, 0, sizeof *c);
    c->fd = fd;
    set_nonblocking(c->fd);
    c->next_id = 1;
    c->slot_mask = 16;
    while (c->slot_mask < load->in_flight * 16) c->slot_mask *= 2;
    c->slots = calloc(c->slot_mask, sizeof *c->slots);
    if (!c->slots) die("calloc");
    c->slot_mask--;
    load->protocol->open(c, load);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
}

// Writes what is queued; the rest waits for EPOLLOUT.
static void connection_flush(struct connection *c, const struct load *load) {
    while (c->out.start < c->out.end) {
        ssize_t count = write(c->fd, c->out.bytes + c->out.start, c->out.end - c->out.start);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN) die("write");
        if (count < 0) break;
        c->out.start += (size_t)count;
    }
    bool waits = c->out.start < c->out.end;
    if (!waits) c->out.start = c->out.end = 0;
    if (waits != c->waits_for_writing) {
        c->waits_for_writing = waits;
        struct epoll_event event = {.events = EPOLLIN | (waits ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(load->epoll, EPOLL_CTL_MOD, c->fd, &event);
    }
}

static bool may_begin(const struct connection *c, const struct load *load) {
    bool is_left = !load->calls_per_connection || c->begun < load->calls_per_connection;
    return load->shape != watch && is_left && c->in_flight < load->in_flight;
}

static void connection_fill(struct connection *c, struct load *load) {
    if (!c->waits_for_writing && !(load->in_batches && c->in_flight)) {
        load->now = nanoseconds();
        while (may_begin(c, load) && load->protocol->begin(c, load)) {}
    }
    connection_flush(c, load);
}

static void connection_read(struct connection *c, struct load *load) {
    uint8_t *room = buffer_room(&c->in, first_read);
    ssize_t count = read(c->fd, room, c->in.capacity - c->in.end);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) die("the server ended the connection");
    c->in.end += (size_t)count;
    load->now = nanoseconds();
    load->protocol->received(c, load);
    if (c->in.start == c->in.end) c->in.start = c->in.end = 0;
}

static struct connection *open_all(struct load *load) {
    struct connection *connections = calloc(load->connections, sizeof *connections);
    if (!connections) die("calloc");
    for (size_t i = 0; i < load->connections; i++) {
        int fd = connect_to(load->socket);
        if (fd < 0) die("cannot connect");
        connection_open(&connections[i], load, fd);
    }
    for (size_t i = 0; i < load->connections; i++) connection_fill(&connections[i], load);
    return connections;
}

// Runs until `end`, or until every call of --calls is made; what is in flight then goes on into the next window.
static void run_until(struct load *load, uint64_t end) {
    uint64_t total = load->calls_per_connection * load->connections;
    while (nanoseconds() < end && (!total || load->calls < total)) {
        struct epoll_event events[kernel_turn];
        int found = epoll_wait(load->epoll, events, kernel_turn, 100);
        for (int i = 0; i < found; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) connection_flush(c, load);
            if (events[i].events & ~(uint32_t)EPOLLOUT) connection_read(c, load);
            connection_fill(c, load);
        }
    }
}

static void print_load(const struct load *load, uint64_t elapsed, uint64_t cpu, uint64_t own) {
    double calls = load->calls ? (double)load->calls : 1;
    printf(
        "calls=%llu seconds=%.4f rate=%.0f p50_us=%.2f p99_us=%.2f server_cpu_us=%.3f client_cpu_us=%.3f rss_kib=%ld "
        "errors=%llu\n",
        (unsigned long long)load->calls, elapsed / 1e9, load->calls * 1e9 / elapsed,
        histogram_percentile(&load->latency, 0.50) / 1e3, histogram_percentile(&load->latency, 0.99) / 1e3,
        cpu / 1e3 / calls, own / 1e3 / calls, process_rss(load->server), (unsigned long long)load->errors);
    fflush(stdout);
}

int run_load(struct load *load) {
    open_all(load);
    uint64_t start = nanoseconds();
    if (!load->calls_per_connection) {
        run_until(load, start + load->warmup);
        load->calls = 0;
        memset(&load->latency, 0, sizeof load->latency);
    }
    uint64_t cpu = process_cpu(load->server), own = process_cpu(getpid());
    start = nanoseconds();
    run_until(load, start + load->duration);
    uint64_t elapsed = nanoseconds() - start;
    print_load(load, elapsed, process_cpu(load->server) - cpu, process_cpu(getpid()) - own);
    bool is_complete = load->calls >= load->calls_per_connection * load->connections;
    return load->errors || !load->calls || !is_complete;
}

int run_held(struct load *load) {
    open_all(load);
    run_until(load, nanoseconds() + load->duration);
    print_load(load, load->duration, 0, 0);
    if (load->errors || load->calls < load->calls_per_connection * load->connections) return 1;
    // A watch goes on reading until stdin ends.
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, 0, &event) < 0) die("stdin must be a pipe");
    for (;;) {
        struct epoll_event events[kernel_turn];
        int found = epoll_wait(load->epoll, events, kernel_turn, -1);
        for (int i = 0; i < found; i++) {
            if (!events[i].data.ptr) return load->errors != 0;
            connection_read(events[i].data.ptr, load);
            connection_flush(events[i].data.ptr, load);
        }
    }
}

int run_start(struct load *load, char **command) {
    uint64_t start = nanoseconds();
    pid_t server = spawn(command);
    int fd;
    while ((fd = connect_to(load->socket)) < 0) {
        if (nanoseconds() - start > 10000000000ull || !is_running(server)) die("the server does not start");
        struct timespec pause = {.tv_nsec = 50000};
        nanosleep(&pause, NULL);
    }
    struct connection c;
    load->calls_per_connection = 1;
    connection_open(&c, load, fd);
    connection_fill(&c, load);
    run_until(load, start + 10000000000ull);
    printf("start_ms=%.3f\n", (nanoseconds() - start) / 1e6);
    close(fd);
    stop(server);
    return load->errors || load->calls != 1;
}
