// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

import Backends

extension [RegistryAction] {
    /// The actions in words.
    var words: [String] {
        map { action in
            switch action {
            case .unlist(let name): "unlist \(name)"
            case .list(let name): "list \(name)"
            case .updateModels(let name, let state, _, _): "update models \(name) \(state)"
            case .rerank(let name): "rerank \(name)"
            case .reconfigure(let name): "reconfigure \(name)"
            case .roll(let name): "roll \(name)"
            case .refuseLoads(let name): "refuse loads \(name)"
            case .record(.backend(let event)): "record \(event.backend) \(event.cause.rawValue)"
            case .record(.instance(let event)): "record instance of \(event.backend)"
            case .record(.model(let event)): "record model of \(event.backend)"
            case .persist(let name): "persist \(name)"
            case .reserveTokens(let mark): "reserve \(mark)"
            case .indexModels(let name): "index models \(name)"
            case .start(let name, let run, _, let cleanUpFirst): "start \(name) #\(run)\(cleanUpFirst ? " clean" : "")"
            case .cancelStart(let name): "cancel \(name)"
            case .stop(let name, let run): "stop \(name) #\(run)"
            case .answer(let caller, let outcome): "answer \(caller) \(outcome.backend.state) \(outcome.isChanged)"
            case .refuse(let caller, let error): "refuse \(caller) \(error.reason.rawValue)"
            case .grant(let caller, _): "grant \(caller)"
            case .endLease(_, let error): "end lease\(error.map { " \($0.reason.rawValue)" } ?? "")"
            }
        }
    }
}
