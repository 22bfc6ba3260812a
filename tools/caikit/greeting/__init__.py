# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""A library of caikit with one task and one module: it greets who is named."""

import os

from caikit.core import ModuleBase, ModuleConfig, TaskBase, module, task

from . import data_model
from .data_model import Greeting


@task(unary_parameters={"name": str}, unary_output_type=Greeting)
class GreetingTask(TaskBase):
    pass


@module("8d2f5e0a-5c0b-4a43-9d43-7d1f6a6d3a51", "Greeter", "1.0.0", task=GreetingTask)
class Greeter(ModuleBase):
    """A model is a directory with a configuration and a file that holds the salutation."""

    def __init__(self, salutation: str):
        super().__init__()
        self.salutation = salutation

    @classmethod
    def load(cls, model_path: "str | ModuleConfig") -> "Greeter":
        config = ModuleConfig.load(model_path)
        with open(os.path.join(config.model_path, config.salutation_file), encoding="utf-8") as file:
            return cls(file.read().strip())

    def run(self, name: str) -> Greeting:
        return Greeting(text=f"{self.salutation}, {name}!", pid=os.getpid())
