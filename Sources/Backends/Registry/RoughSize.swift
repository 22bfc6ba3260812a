// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

// About how many bytes things take in a message: enough to keep pages and parts far below the largest message.

/// What names of fields, numbers and times take together.
private let bytesOfTheRest = 128

extension BackendSnapshot {
    var roughBytes: Int {
        ConfigSize(of: configuration, limit: .none).bytes + (failure?.message.utf8.count ?? 0) + bytesOfTheRest
            + instances.reduce(0) { $0 + $1.roughBytes } + models.reduce(0) { $0 + $1.utf8.count + 4 }
    }
}

extension InstanceSnapshot {
    fileprivate var roughBytes: Int {
        name.utf8.count + (model?.utf8.count ?? 0) + (address?.utf8.count ?? 0) + (failure?.message.utf8.count ?? 0)
            + bytesOfTheRest
    }
}

extension ModelSnapshot {
    var roughBytes: Int {
        model.utf8.count + (failure?.message.utf8.count ?? 0) + (endpoint?.roughBytes ?? 0) + bytesOfTheRest
    }
}

extension ModelEndpoint {
    fileprivate var roughBytes: Int {
        let files = [tls?.caCertFile, tls?.clientCertFile, tls?.clientKeyFile, tls?.serverName, instance, address]
        return files.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }
}
