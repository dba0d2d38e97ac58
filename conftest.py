"""Warnings that the addons log while their tests run are failures."""

import logging

import pytest

LOGGERS = tuple(
    f"odoo.addons.aftersales_{name}" for name in ("service", "warranty", "training")
)


class _Collector(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_warnings_of_ours():
    """Fail a test in which one of our loggers warns and nobody expected it."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
        logger.addHandler(collector)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(collector)
        logger.setLevel(level)
    assert not collector.lines, collector.lines
