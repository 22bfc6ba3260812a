// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// Unary calls over HTTP/2. The frames are made here, which takes the client less time than a session of nghttp2; its
// coder for headers is used.

#include <nghttp2/nghttp2.h>

#include "load.h"

enum { header_size = 9, largest_frame = 16384, first_window = 65535, prefix_size = 5 };
enum { own_window = 1 << 30, table_size = 4096 };
enum {
    frame_data = 0, frame_headers = 1, frame_reset = 3, frame_settings = 4, frame_ping = 6, frame_goaway = 7,
    frame_window = 8, frame_continuation = 9,
};
enum { end_stream = 1, acknowledged = 1, end_headers = 4, padded = 8, with_priority = 32 };

struct http2 {
    nghttp2_hd_inflater *inflater;
    size_t streams_limit;
    // What may be sent: on the connection, on a new stream, and on the stream of the call whose message is being sent.
    int64_t window, stream_window, upload_window;
    uint32_t upload_id;
    size_t uploaded;
    // What has been received since the server was last told.
    int64_t taken;
};

// The message with its prefix, the headers of the first call of a connection, and those of each later one.
static struct buffer message, first_headers, headers;

static void add_word(struct buffer *buffer, uint32_t word) {
    word = htonl(word);
    buffer_add(buffer, &word, sizeof word);
}

static void add_frame(struct buffer *buffer, size_t length, uint8_t type, uint8_t flags, uint32_t id) {
    buffer_add(buffer, (uint8_t[]){(uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length, type, flags}, 5);
    add_word(buffer, id);
}

static void deflate(nghttp2_hd_deflater *deflater, struct buffer *block, const nghttp2_nv *fields, size_t count) {
    size_t bound = nghttp2_hd_deflate_bound(deflater, fields, count);
    ssize_t size = nghttp2_hd_deflate_hd(deflater, buffer_room(block, bound), bound, fields, count);
    if (size < 0) die("the headers cannot be encoded");
    block->end += (size_t)size;
}

static void prepare(const struct load *load) {
    buffer_add(&message, "", 1);
    add_word(&message, (uint32_t)load->message_size);
    buffer_add(&message, load->message, load->message_size);

    static char path[256];
    snprintf(path, sizeof path, "/%s", load->method);
    const char *const fields[][2] = {
        {":method", "POST"}, {":scheme", "http"}, {":path", path}, {":authority", "localhost"}, {"te", "trailers"},
        {"content-type", "application/grpc"}, {"user-agent", "grpc-bench/1"},
    };
    enum { count = sizeof fields / sizeof fields[0] };
    nghttp2_nv values[count];
    for (size_t i = 0; i < count; i++) {
        values[i] = (nghttp2_nv){
            (uint8_t *)fields[i][0], (uint8_t *)fields[i][1], strlen(fields[i][0]), strlen(fields[i][1]), 0};
    }
    nghttp2_hd_deflater *deflater;
    if (nghttp2_hd_deflate_new(&deflater, table_size)) die("nghttp2");
    // The first block fills the table of the server; from the second on, all are alike.
    deflate(deflater, &first_headers, values, count);
    deflate(deflater, &headers, values, count);
    nghttp2_hd_deflate_del(deflater);
}

static void open_connection(struct connection *c, struct load *load) {
    (void)load;
    c->http2 = calloc(1, sizeof *c->http2);
    if (!c->http2 || nghttp2_hd_inflate_new(&c->http2->inflater)) die("nghttp2");
    c->http2->streams_limit = SIZE_MAX;
    c->http2->window = c->http2->stream_window = first_window;
    buffer_add(&c->out, NGHTTP2_CLIENT_MAGIC, NGHTTP2_CLIENT_MAGIC_LEN);
    const uint32_t settings[][2] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, own_window}};
    enum { count = sizeof settings / sizeof settings[0] };
    add_frame(&c->out, count * 6, frame_settings, 0, 0);
    for (size_t i = 0; i < count; i++) {
        buffer_add(&c->out, (uint8_t[]){0, (uint8_t)settings[i][0]}, 2);
        add_word(&c->out, settings[i][1]);
    }
    add_frame(&c->out, 4, frame_window, 0, 0);
    add_word(&c->out, own_window);
}

// Queues what the windows allow of the message that is being sent.
static void upload(struct connection *c) {
    struct http2 *h = c->http2;
    while (h->upload_id) {
        int64_t size = (int64_t)(message.end - h->uploaded);
        if (size > largest_frame) size = largest_frame;
        if (size > h->window) size = h->window;
        if (size > h->upload_window) size = h->upload_window;
        if (size <= 0) return;
        bool is_last = h->uploaded + (size_t)size == message.end;
        add_frame(&c->out, (size_t)size, frame_data, is_last ? end_stream : 0, h->upload_id);
        buffer_add(&c->out, message.bytes + h->uploaded, (size_t)size);
        h->uploaded += (size_t)size;
        h->window -= size;
        h->upload_window -= size;
        if (is_last) h->upload_id = 0;
    }
}

static bool begin(struct connection *c, struct load *load) {
    struct http2 *h = c->http2;
    if (h->upload_id || c->in_flight >= h->streams_limit || !slot_take(c, load, c->next_id)) return false;
    const struct buffer *block = c->begun == 1 ? &first_headers : &headers;
    add_frame(&c->out, block->end, frame_headers, end_headers, c->next_id);
    buffer_add(&c->out, block->bytes, block->end);
    h->upload_id = c->next_id;
    h->uploaded = 0;
    h->upload_window = h->stream_window;
    c->next_id += 2;
    upload(c);
    return true;
}

static void finish(struct connection *c, struct load *load, uint32_t id, bool succeeded, const char *reason) {
    if (c->http2->upload_id == id) c->http2->upload_id = 0;
    struct slot *slot = slot_find(c, load, id);
    if (slot) slot_finish(c, load, slot, succeeded && slot->received >= prefix_size, reason, strlen(reason));
}

// Decodes all headers, because each may change the table, and ends the call at its trailers.
static void take_headers(
    struct connection *c, struct load *load, uint32_t id, uint8_t flags, const uint8_t *block, size_t size) {
    bool is_ok = false;
    char reason[256] = "no status";
    for (;;) {
        nghttp2_nv field;
        int inflated = 0;
        ssize_t count = nghttp2_hd_inflate_hd2(c->http2->inflater, &field, &inflated, block, size, 1);
        if (count < 0) die("the server's headers cannot be decoded");
        block += count;
        size -= (size_t)count;
        if (inflated & NGHTTP2_HD_INFLATE_EMIT) {
            bool is_status = field.namelen == 11 && memcmp(field.name, "grpc-status", 11) == 0;
            bool is_message = field.namelen == 12 && memcmp(field.name, "grpc-message", 12) == 0;
            if (is_status) is_ok = field.valuelen == 1 && field.value[0] == '0';
            if (is_message) snprintf(reason, sizeof reason, "%.*s", (int)field.valuelen, field.value);
        }
        if (inflated & NGHTTP2_HD_INFLATE_FINAL) break;
        if (!(inflated & NGHTTP2_HD_INFLATE_EMIT) && size == 0) break;
    }
    nghttp2_hd_inflate_end_headers(c->http2->inflater);
    if (flags & end_stream) finish(c, load, id, is_ok, reason);
}

static uint32_t word_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return ntohl(word);
}

static void take_settings(struct connection *c, const uint8_t *body, size_t length) {
    struct http2 *h = c->http2;
    for (; length >= 6; body += 6, length -= 6) {
        unsigned key = (unsigned)body[0] << 8 | body[1];
        uint32_t value = word_at(body + 2);
        if (key == NGHTTP2_SETTINGS_HEADER_TABLE_SIZE && value < table_size) die("the server's header table is small");
        if (key == NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS) h->streams_limit = value;
        if (key == NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) {
            h->upload_window += value - h->stream_window;
            h->stream_window = value;
        }
    }
    add_frame(&c->out, 0, frame_settings, acknowledged, 0);
}

static void take_data(struct connection *c, struct load *load, uint32_t id, uint8_t flags, size_t length) {
    struct slot *slot = slot_find(c, load, id);
    if (slot) slot->received += length;
    c->http2->taken += (int64_t)length;
    if (c->http2->taken > own_window / 2) {
        add_frame(&c->out, 4, frame_window, 0, 0);
        add_word(&c->out, (uint32_t)c->http2->taken);
        c->http2->taken = 0;
    }
    if (flags & end_stream) finish(c, load, id, false, "the answer has no trailers");
}

static void take_frame(
    struct connection *c, struct load *load, uint8_t type, uint8_t flags, uint32_t id, const uint8_t *body, size_t length) {
    switch (type) {
    case frame_data: take_data(c, load, id, flags, length); break;
    case frame_headers:
        if (!(flags & end_headers) || flags & (padded | with_priority)) die("the server's headers are in an unusual form");
        take_headers(c, load, id, flags, body, length);
        break;
    case frame_reset: finish(c, load, id, false, "the server reset the stream"); break;
    case frame_settings:
        if (!(flags & acknowledged)) take_settings(c, body, length);
        break;
    case frame_ping:
        if (flags & acknowledged) break;
        add_frame(&c->out, length, frame_ping, acknowledged, 0);
        buffer_add(&c->out, body, length);
        break;
    case frame_window:
        if (id == 0) c->http2->window += word_at(body);
        if (id && id == c->http2->upload_id) c->http2->upload_window += word_at(body);
        break;
    case frame_goaway:
    case frame_continuation: die("the server ended the connection, or sent headers in several frames");
    default: break;
    }
}

static void received(struct connection *c, struct load *load) {
    while (c->in.end - c->in.start >= header_size) {
        const uint8_t *frame = c->in.bytes + c->in.start;
        size_t length = (size_t)frame[0] << 16 | (size_t)frame[1] << 8 | frame[2];
        if (c->in.end - c->in.start - header_size < length) {
            buffer_room(&c->in, length);
            break;
        }
        take_frame(c, load, frame[3], frame[4], word_at(frame + 5) & 0x7fffffff, frame + header_size, length);
        c->in.start += header_size + length;
    }
    upload(c);
}

const struct protocol grpc = {prepare, open_connection, begin, received};
