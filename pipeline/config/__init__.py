"""The only reader of YAML and of the environment: `load` a folder over the shipped defaults into a `Configuration`."""

from pipeline.config.folder import Configuration, load

__all__ = ["Configuration", "load"]
