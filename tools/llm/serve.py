#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Serves a GGUF model with llama.cpp, as PyPI's xllamacpp has it: serve.py MODEL PORT."""

import signal
import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(sys.argv[2])
parameters.n_ctx = 512
parameters.n_parallel = 1
server = xllamacpp.Server(parameters)
print("serving", server.listening_address, flush=True)
signal.sigwait([signal.SIGTERM, signal.SIGINT])
