// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_decode.h"
#include "message_walk.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

/// How many of the sixteen bytes here are ASCII and not NUL, before the first that is not. As signed numbers those are
/// the ones over 0.
INLINE unsigned count_plain(const uint8_t *at) {
#if defined(__SSE2__)
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    unsigned plain = (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_setzero_si128()));
    return (unsigned)__builtin_ctz(~plain);
#elif defined(__ARM_NEON) && defined(__aarch64__)
    uint8x16_t plain = vcgtq_s8(vreinterpretq_s8_u8(vld1q_u8(at)), vdupq_n_s8(0));
    // Four bits for each byte.
    uint64_t bits = ~vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(plain), 4)), 0);
    return bits == 0 ? 16 : (unsigned)__builtin_ctzll(bits) / 4;
#else
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    for (unsigned i = 0; i < 16; i += 8) {
        // Subtracting one borrows from a NUL; only the first high bit says something.
        uint64_t word = load_fixed64(at + i), others = (word | (word - ones)) & highs;
        if (others != 0) {
            return i + (unsigned)__builtin_ctzll(others) / 8;
        }
    }
    return 16;
#endif
}

/// Whether a text is ASCII without a NUL. Sixteen bytes can be read wherever the text starts, and where it ends.
INLINE bool is_plain_text(const uint8_t *at, size_t count) {
    for (;;) {
        unsigned plain = count_plain(at);
        if (plain >= count) {
            return true;
        }
        if (plain < 16) {
            return false;
        }
        at += 16;
        count -= 16;
    }
}

/// Whether a text is UTF-8 without a NUL. Sixteen bytes can be read wherever it goes on.
message_fault message_check_text(const uint8_t *at, const uint8_t *end);
