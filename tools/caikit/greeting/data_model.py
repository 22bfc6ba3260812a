# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What the library answers with."""

from caikit.core import DataObjectBase, dataobject


@dataobject(package="backendd.greeting")
class Greeting(DataObjectBase):
    text: str
    # Whose answer it is: a server that was started again has another one.
    pid: int
