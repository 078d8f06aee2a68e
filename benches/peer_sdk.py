#!/usr/bin/env python3
"""The SDK's own loading of a plugin's documents, without its Python sources.

Reads plugin folders from standard input, one a line, and prints those that the SDK refuses to load.
"""
import os
import sys

from dify_plugin.core.plugin_registration import PluginRegistration

# what the registration fills while it loads the documents; its constructor would import the sources as well
LISTS = [name for name in PluginRegistration.__annotations__ if name.endswith("_configuration")]


def main():
    for line in sys.stdin:
        root = line.rstrip("\n")
        os.chdir(root)
        registration = PluginRegistration.__new__(PluginRegistration)
        for name in LISTS:
            setattr(registration, name, [])
        try:
            registration._load_plugin_configuration()
        except Exception:
            print(root)


if __name__ == "__main__":
    main()
