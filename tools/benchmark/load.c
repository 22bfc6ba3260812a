// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// The load generator of tools/bench: HandleRuntimeContext over ttrpc, frames encoded beforehand, every answer checked.
// Prints one line of key=value pairs.

#include <getopt.h>

#include "load.h"

enum { kernel_turn = 256 };

static void connection_open(struct connection *c, const struct load *load) {
    memset(c, 0, sizeof *c);
    c->fd = connect_to(load->socket);
    if (c->fd < 0) die("cannot connect");
    set_nonblocking(c->fd);
    c->next_id = 1;
    c->slot_mask = 16;
    while (c->slot_mask < load->in_flight * 16) c->slot_mask *= 2;
    c->slots = calloc(c->slot_mask, sizeof *c->slots);
    c->slot_mask--;
    c->out = malloc(load->in_flight * load->frame_size);
    if (!c->slots || !c->out) die("malloc");
}

// Writes what is queued; the rest waits for EPOLLOUT.
static void connection_flush(struct connection *c, const struct load *load) {
    while (c->out_start < c->out_size) {
        ssize_t count = write(c->fd, c->out + c->out_start, c->out_size - c->out_start);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN) die("write");
        if (count < 0) break;
        c->out_start += (size_t)count;
    }
    bool waits = c->out_start < c->out_size;
    if (!waits) c->out_start = c->out_size = 0;
    if (waits != c->waits_for_writing) {
        c->waits_for_writing = waits;
        struct epoll_event event = {.events = EPOLLIN | (waits ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(load->epoll, EPOLL_CTL_MOD, c->fd, &event);
    }
}

// Queues calls until `in_flight` are under way.
static void connection_fill(struct connection *c, const struct load *load) {
    if (c->waits_for_writing) return;
    uint64_t now = nanoseconds();
    while (c->in_flight < load->in_flight) {
        struct slot *slot = &c->slots[(c->next_id >> 1) & c->slot_mask];
        if (slot->id) break;
        *slot = (struct slot){c->next_id, now};
        uint8_t *frame = c->out + c->out_size;
        memcpy(frame, load->frame, load->frame_size);
        uint32_t id = htonl(c->next_id);
        memcpy(frame + 4, &id, sizeof id);
        c->out_size += load->frame_size;
        c->next_id += 2;
        c->in_flight++;
    }
    connection_flush(c, load);
}

// Takes one answer: it must be of type Response, belong to a call under way and carry no error.
static void connection_answered(
    struct connection *c, struct load *load, uint32_t id, uint8_t type, const uint8_t *body, size_t length, uint64_t now
) {
    struct slot *slot = &c->slots[(id >> 1) & c->slot_mask];
    if (slot->id != id || type != 2) {
        load->errors++;
        return;
    }
    if (!response_is_ok(body, length)) load->errors++;
    histogram_add(&load->latency, now - slot->start);
    load->calls++;
    slot->id = 0;
    c->in_flight--;
}

static void connection_read(struct connection *c, struct load *load) {
    ssize_t count = read(c->fd, c->in + c->in_size, sizeof c->in - c->in_size);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) die("the server ended the connection");
    c->in_size += (size_t)count;
    uint64_t now = nanoseconds();
    size_t at = 0;
    while (c->in_size - at >= header_size) {
        uint32_t words[2];
        memcpy(words, c->in + at, sizeof words);
        size_t length = ntohl(words[0]);
        if (length > sizeof c->in - header_size) die("the server sent too large a frame");
        if (c->in_size - at - header_size < length) break;
        connection_answered(c, load, ntohl(words[1]), c->in[at + 8], c->in + at + header_size, length, now);
        at += header_size + length;
    }
    memmove(c->in, c->in + at, c->in_size - at);
    c->in_size -= at;
}

// Runs until `end`; what is under way then goes on into the next window.
static void run_until(struct load *load, uint64_t end) {
    while (nanoseconds() < end) {
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

static int measure(struct load *load) {
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *connections = calloc(load->connections, sizeof *connections);
    if (load->epoll < 0 || !connections) die("setup");
    for (size_t i = 0; i < load->connections; i++) {
        connection_open(&connections[i], load);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, connections[i].fd, &event) < 0) die("epoll_ctl");
    }
    for (size_t i = 0; i < load->connections; i++) connection_fill(&connections[i], load);
    uint64_t start = nanoseconds();
    run_until(load, start + load->warmup);
    uint64_t failed = load->errors;
    load->calls = load->errors = 0;
    memset(&load->latency, 0, sizeof load->latency);

    uint64_t cpu = process_cpu(load->server), own = process_cpu(getpid());
    start = nanoseconds();
    run_until(load, start + load->duration);
    uint64_t elapsed = nanoseconds() - start;
    cpu = process_cpu(load->server) - cpu;
    own = process_cpu(getpid()) - own;

    double calls = load->calls ? (double)load->calls : 1;
    printf(
        "calls=%llu seconds=%.4f rate=%.0f p50_us=%.2f p99_us=%.2f server_cpu_us=%.3f client_cpu_us=%.3f rss_kib=%ld "
        "errors=%llu frame=%zu\n",
        (unsigned long long)load->calls, elapsed / 1e9, load->calls * 1e9 / elapsed,
        histogram_percentile(&load->latency, 0.50) / 1e3, histogram_percentile(&load->latency, 0.99) / 1e3,
        cpu / 1e3 / calls, own / 1e3 / calls, process_rss(load->server),
        (unsigned long long)(load->errors + failed), load->frame_size);
    return load->errors + failed || !load->calls;
}

// Opens the connections, says so with the server's memory, and holds them until stdin ends.
static int hold(struct load *load) {
    for (size_t i = 0; i < load->connections; i++) {
        if (connect_to(load->socket) < 0) die("cannot connect");
    }
    int last = connect_to(load->socket);
    if (last < 0 || !call_once(last, load)) die("the server does not answer");
    printf("connections=%zu rss_kib=%ld\n", load->connections, process_rss(load->server));
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0) {}
    return 0;
}

// Starts the server, times it to its first answer, and ends it.
static int start_to_reply(struct load *load, char **command) {
    uint64_t start = nanoseconds();
    pid_t server = spawn(command);
    int fd;
    while ((fd = connect_to(load->socket)) < 0) {
        if (nanoseconds() - start > 10000000000ull || !is_running(server)) die("the server does not start");
        struct timespec pause = {.tv_nsec = 50000};
        nanosleep(&pause, NULL);
    }
    bool answered = call_once(fd, load);
    printf("start_ms=%.3f errors=%d\n", (nanoseconds() - start) / 1e6, !answered);
    close(fd);
    stop(server);
    return !answered;
}

static const char usage[] =
    "usage: load --socket PATH [options]              calls for a while and prints what it took\n"
    "       load --socket PATH --hold                 opens connections and holds them until stdin ends\n"
    "       load --socket PATH --start -- COMMAND...  starts a server, times its first answer, ends it\n"
    "       load --request                            writes the message of a call to stdout, as gRPC frames it\n"
    "\n"
    "  --connections N  (1)     --in-flight N  calls under way on each (1)\n"
    "  --duration S  (1)        --warmup S  (0.2)\n"
    "  --resolve context|plain  call ResolveModel in place of HandleRuntimeContext, with its context or without\n"
    "  --cpu N  run there       --server PID  whose CPU time and memory to print\n";

int main(int count, char **arguments) {
    struct load load = {.connections = 1, .in_flight = 1, .duration = 1000000000, .warmup = 200000000};
    enum call call = handle_runtime_context;
    bool holds = false, starts = false, writes = false;
    static const struct option options[] = {
        {"socket", 1, 0, 's'},   {"connections", 1, 0, 'c'}, {"in-flight", 1, 0, 'i'}, {"duration", 1, 0, 'd'},
        {"warmup", 1, 0, 'w'},   {"cpu", 1, 0, 'p'},         {"server", 1, 0, 'S'},    {"hold", 0, 0, 'H'},
        {"start", 0, 0, 'T'},    {"request", 0, 0, 'r'},     {"resolve", 1, 0, 'R'},  {"help", 0, 0, 'h'},
        {0},
    };
    for (int option; (option = getopt_long(count, arguments, "+", options, NULL)) != -1;) {
        switch (option) {
        case 's': load.socket = optarg; break;
        case 'c': load.connections = strtoul(optarg, NULL, 10); break;
        case 'i': load.in_flight = strtoul(optarg, NULL, 10); break;
        case 'd': load.duration = (uint64_t)(strtod(optarg, NULL) * 1e9); break;
        case 'w': load.warmup = (uint64_t)(strtod(optarg, NULL) * 1e9); break;
        case 'p': pin(atoi(optarg)); break;
        case 'S': load.server = atoi(optarg); break;
        case 'H': holds = true; break;
        case 'T': starts = true; break;
        case 'r': writes = true; break;
        case 'R': call = strcmp(optarg, "plain") ? resolve_with_context : resolve; break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 2;
        }
    }
    load.frame_size = encode_request(call, load.frame, sizeof load.frame);
    if (writes) return !write_grpc_request(&load, stdout);
    if (!load.socket || !load.connections || !load.in_flight || (starts && !arguments[optind])) {
        fputs(usage, stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    if (starts) return start_to_reply(&load, arguments + optind);
    return holds ? hold(&load) : measure(&load);
}
