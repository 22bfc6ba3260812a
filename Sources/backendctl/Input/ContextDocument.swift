// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

package import BackendsClient
package import ConfigDocument

/// A runtime context in a file: the JSON form of `backends.v1.RuntimeContext`, or the same as YAML.
package enum ContextDocument {
    /// Returns the context in a document. An unknown key is an error that names its path.
    package static func context(_ document: ConfigValue) throws(CommandFailure) -> RuntimeContext {
        let reader = try MemberReader(document, path: "")
        try reader.allow("grpc", "http")
        switch (reader["grpc"], reader["http"]) {
        case (let grpc?, nil): return .grpc(try self.grpc(MemberReader(grpc, path: "grpc")))
        case (nil, let http?): return .http(try self.http(MemberReader(http, path: "http")))
        case (nil, nil), (_?, _?):
            throw .usage("CONTEXT_INVALID", "a context must have exactly one of the keys grpc and http", hint: example)
        }
    }

    static let example =
        "write {\"grpc\": {\"method\": \"/package.Service/Method\"}} or {\"http\": {\"method\": \"GET\", \"target\": \"/\"}}"

    private static func grpc(_ reader: MemberReader) throws(CommandFailure) -> RuntimeContext.GRPC {
        try reader.allow("method", "peer", "metadata", "time_remaining", "timeRemaining")
        let time = try reader.text("time_remaining", or: "timeRemaining")
        var metadata: [RuntimeContext.Metadata] = []
        for entry in try reader.list("metadata") { metadata.append(try self.metadata(entry)) }
        return RuntimeContext.GRPC(
            method: try reader.text("method") ?? "", peer: try reader.text("peer") ?? "", metadata: metadata,
            timeRemaining: try time.map { (time) throws(CommandFailure) in try DurationInput.duration(time) })
    }

    private static func metadata(_ reader: MemberReader) throws(CommandFailure) -> RuntimeContext.Metadata {
        try reader.allow("key", "text", "binary")
        guard let key = try reader.text("key") else { throw reader.problem("has no key") }
        switch (try reader.text("text"), try reader.text("binary")) {
        case (let text?, nil): return RuntimeContext.Metadata(key, text)
        case (nil, let encoded?):
            guard let entry = RuntimeContext.Metadata(key, base64: encoded) else {
                throw reader.problem("has a binary that is not valid Base64")
            }
            return entry
        case (nil, nil), (_?, _?): throw reader.problem("must have exactly one of text and binary")
        }
    }

    private static func http(_ reader: MemberReader) throws(CommandFailure) -> RuntimeContext.HTTP {
        try reader.allow("method", "target", "headers", "client_address", "clientAddress", "version")
        var headers: [RuntimeContext.Header] = []
        for entry in try reader.list("headers") {
            try entry.allow("name", "value")
            guard let name = try entry.text("name") else { throw entry.problem("has no name") }
            headers.append(RuntimeContext.Header(name, try entry.text("value") ?? ""))
        }
        return RuntimeContext.HTTP(
            method: try reader.text("method") ?? "", target: try reader.text("target") ?? "", headers: headers,
            clientAddress: try reader.text("client_address", or: "clientAddress") ?? "",
            version: try reader.text("version") ?? "")
    }
}
