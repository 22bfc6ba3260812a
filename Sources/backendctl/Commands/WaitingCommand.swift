// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ArgumentParser

/// A command that shows what it waits for.
protocol WaitingCommand: AsyncParsableCommand {}
