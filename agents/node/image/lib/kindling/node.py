"""The node's own configuration, as the host agent wrote it."""

import json

PATH = "/etc/kindling/node.json"


def load(path=PATH):
    """Returns the configuration as a dictionary."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)
