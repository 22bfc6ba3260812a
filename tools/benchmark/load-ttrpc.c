// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "load.h"

enum { header_size = 10, largest_body = 4 << 20 };
enum { frame_request = 1, frame_response = 2, frame_data = 3 };
enum { remote_closed = 1, remote_open = 2, no_data = 4 };

// What each connection sends, with the stream ID left open: the request of a call, and a message on a stream.
static struct buffer request, message;

static void add_varint(struct buffer *buffer, size_t value) {
    for (; value > 127; value >>= 7) buffer_add(buffer, &(uint8_t){(uint8_t)(value | 128)}, 1);
    buffer_add(buffer, &(uint8_t){(uint8_t)value}, 1);
}

// A field of the kind string, bytes or message.
static void add_field(struct buffer *buffer, unsigned number, const void *bytes, size_t size) {
    add_varint(buffer, number << 3 | 2);
    add_varint(buffer, size);
    buffer_add(buffer, bytes, size);
}

static void add_header(struct buffer *buffer, size_t length, uint32_t id, uint8_t type, uint8_t flags) {
    uint32_t words[] = {htonl((uint32_t)length), htonl(id)};
    buffer_add(buffer, words, sizeof words);
    buffer_add(buffer, (uint8_t[]){type, flags}, 2);
}

static void queue(struct connection *c, const struct buffer *frame, uint32_t id) {
    uint8_t *start = buffer_room(&c->out, frame->end);
    buffer_add(&c->out, frame->bytes, frame->end);
    uint32_t word = htonl(id);
    memcpy(start + 4, &word, sizeof word);
}

static void prepare(const struct load *load) {
    bool is_sent_later = load->shape == stream || load->shape == exchange;
    const char *slash = strchr(load->method, '/');
    struct buffer body = {0};
    add_field(&body, 1, load->method, (size_t)(slash - load->method));
    add_field(&body, 2, slash + 1, strlen(slash + 1));
    if (!is_sent_later && load->message_size) add_field(&body, 3, load->message, load->message_size);
    uint8_t flags = is_sent_later ? remote_open : load->shape == watch ? remote_closed : 0;
    add_header(&request, body.end, 0, frame_request, flags);
    buffer_add(&request, body.bytes, body.end);
    free(body.bytes);
    add_header(&message, load->message_size, 0, frame_data, 0);
    buffer_add(&message, load->message, load->message_size);
}

static void open_connection(struct connection *c, struct load *load) {
    if (load->shape == stream || load->shape == watch) queue(c, &request, 1);
}

static bool begin(struct connection *c, struct load *load) {
    if (!slot_take(c, load, c->next_id)) return false;
    // On the one stream of a connection, answers come in the order of the messages.
    if (load->shape != stream) queue(c, &request, c->next_id);
    if (load->shape != unary) queue(c, &message, load->shape == stream ? 1 : c->next_id);
    c->next_id += 2;
    return true;
}

// Whether the envelope of an answer has no status, or an empty one, which means OK.
static bool is_ok(const uint8_t *body, size_t length) {
    return length < 2 || body[0] == 0x12 || (body[0] == 0x0a && body[1] == 0);
}

static void finish(
    struct connection *c, struct load *load, uint32_t id, bool succeeded, const uint8_t *body, size_t length) {
    struct slot *slot = slot_find(c, load, id);
    if (slot) slot_finish(c, load, slot, succeeded, body, length);
}

static void take_data(struct connection *c, struct load *load, uint32_t id, uint8_t flags) {
    switch (load->shape) {
    case unary: load->errors++; break;
    case stream: finish(c, load, c->next_id - 2 * (uint32_t)c->in_flight, !(flags & remote_closed), NULL, 0); break;
    case watch:
        load->calls++;
        if (flags & remote_closed) die("the server ended the stream");
        break;
    case exchange:
        if (flags & remote_closed) {
            finish(c, load, id, true, NULL, 0);
        } else {
            add_header(&c->out, 0, id, frame_data, remote_closed | no_data);
        }
        break;
    }
}

static void received(struct connection *c, struct load *load) {
    while (c->in.end - c->in.start >= header_size) {
        const uint8_t *frame = c->in.bytes + c->in.start;
        uint32_t words[2];
        memcpy(words, frame, sizeof words);
        size_t length = ntohl(words[0]);
        uint32_t id = ntohl(words[1]);
        if (length > largest_body) die("the server sent too large a frame");
        if (c->in.end - c->in.start - header_size < length) {
            buffer_room(&c->in, length);
            return;
        }
        const uint8_t *body = frame + header_size;
        if (frame[8] == frame_data) {
            take_data(c, load, id, frame[9]);
        } else if (frame[8] == frame_response && (load->shape == unary || load->shape == exchange)) {
            finish(c, load, id, is_ok(body, length), body, length);
        } else {
            fprintf(stderr, "load: the stream ended: %.*s\n", (int)length, body);
            exit(1);
        }
        c->in.start += header_size + length;
    }
}

const struct protocol ttrpc = {prepare, open_connection, begin, received};
