"""Jalons : suivre les sites, les actions et les conventions qui résorbent les bidonvilles."""

__version__ = "0.1.0"
