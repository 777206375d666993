"""Kawat: tells, once and with proof, when Indonesia makes a new technology agreement with another country."""

__version__ = "0.1.0"
