// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// A command that does something, as a task on the main thread.
protocol Command: AsyncParsableCommand, Sendable {}
