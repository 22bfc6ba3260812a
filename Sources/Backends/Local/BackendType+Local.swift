// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

internal import ConfigDocument

extension BackendType {
    /// `LOCAL`: no resources, any configuration.
    package static let local = BackendType(
        name: "LOCAL", summary: "Runs in the process of its users and needs no resources here.",
        schema: ConfigSchema(fields: [], allowsOtherKeys: true), definitionID: "backendd.LocalBackend",
        make: { _ in LocalBackend() })
}
