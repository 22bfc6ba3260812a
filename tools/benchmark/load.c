// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// The load generator of tools/bench and tools/instructions: one call over and over, encoded beforehand, and each
// answer checked. Prints one line of key=value pairs.

#include <getopt.h>

#include "load.h"

static const char usage[] =
    "usage: load --socket PATH --method SERVICE/METHOD [options]\n"
    "  --message FILE   the encoded message of each call; without it, an empty one\n"
    "  --protocol ttrpc|grpc  (ttrpc)\n"
    "  --shape unary|stream|exchange|watch  what a call is; only unary over gRPC (unary)\n"
    "  --connections N  (1)      --in-flight N  calls in flight on each (1)\n"
    "  --duration S  (1)         --warmup S  (0.2)\n"
    "  --calls N        stop when each connection has made this number of calls\n"
    "  --batches        begin calls only when none is in flight\n"
    "  --cpu N  run there        --server PID  whose CPU time and memory to print\n"
    "  --hold           make the calls of --calls, then keep the connections until stdin ends\n"
    "  --start -- COMMAND...  start a server, time its first answer, end it\n";

static void read_message(struct load *load, const char *path) {
    FILE *file = fopen(path, "rbe");
    if (!file || fseek(file, 0, SEEK_END) < 0) die(path);
    long size = ftell(file);
    rewind(file);
    load->message = malloc((size_t)size + 1);
    load->message_size = (size_t)size;
    if (!load->message || fread(load->message, 1, load->message_size, file) != load->message_size) die(path);
    fclose(file);
}

static _Noreturn void refuse(void) {
    fputs(usage, stderr);
    exit(2);
}

static enum shape shape_named(const char *name) {
    static const char *const names[] = {[unary] = "unary", [stream] = "stream", [exchange] = "exchange", [watch] = "watch"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) return (enum shape)i;
    }
    refuse();
}

int main(int count, char **arguments) {
    struct load load = {
        .protocol = &ttrpc, .connections = 1, .in_flight = 1, .duration = 1000000000, .warmup = 200000000};
    bool holds = false, starts = false;
    static const struct option options[] = {
        {"socket", 1, 0, 's'},    {"method", 1, 0, 'm'},    {"message", 1, 0, 'f'}, {"protocol", 1, 0, 'P'},
        {"shape", 1, 0, 'k'},     {"connections", 1, 0, 'c'}, {"in-flight", 1, 0, 'i'}, {"duration", 1, 0, 'd'},
        {"warmup", 1, 0, 'w'},    {"calls", 1, 0, 'n'},     {"batches", 0, 0, 'b'}, {"cpu", 1, 0, 'p'},
        {"server", 1, 0, 'S'},    {"hold", 0, 0, 'H'},      {"start", 0, 0, 'T'},   {"help", 0, 0, 'h'},
        {0},
    };
    for (int option; (option = getopt_long(count, arguments, "+", options, NULL)) != -1;) {
        switch (option) {
        case 's': load.socket = optarg; break;
        case 'm': load.method = optarg; break;
        case 'f': read_message(&load, optarg); break;
        case 'P': load.protocol = strcmp(optarg, "grpc") ? &ttrpc : &grpc; break;
        case 'k': load.shape = shape_named(optarg); break;
        case 'c': load.connections = strtoul(optarg, NULL, 10); break;
        case 'i': load.in_flight = strtoul(optarg, NULL, 10); break;
        case 'd': load.duration = (uint64_t)(strtod(optarg, NULL) * 1e9); break;
        case 'w': load.warmup = (uint64_t)(strtod(optarg, NULL) * 1e9); break;
        case 'n': load.calls_per_connection = strtoul(optarg, NULL, 10); break;
        case 'b': load.in_batches = true; break;
        case 'p': pin(atoi(optarg)); break;
        case 'S': load.server = atoi(optarg); break;
        case 'H': holds = true; break;
        case 'T': starts = true; break;
        case 'h': fputs(usage, stdout); return 0;
        default: refuse();
        }
    }
    bool is_complete = load.socket && load.method && strchr(load.method, '/') && load.connections && load.in_flight;
    if (!is_complete || (starts && !arguments[optind]) || (load.protocol == &grpc && load.shape != unary)) refuse();
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (load.epoll < 0) die("epoll_create1");
    load.protocol->prepare(&load);
    if (starts) return run_start(&load, arguments + optind);
    return holds ? run_held(&load) : run_load(&load);
}
