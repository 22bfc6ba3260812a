// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <stddef.h>
#include <stdint.h>

// The google.protobuf.FileDescriptorSet of everything that the interop server serves, and how long it is.
const uint8_t *interop_descriptor_set(size_t *length);
