"""Tests of the manager and its parts, with lamps in memory and a clock that is moved by hand."""
