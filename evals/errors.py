"""Errors of the evaluation.

EvalError
├── SetError           a set of questions is missing, broken or empty; the message names file and line
├── NothingToMeasure   the index is empty, or holds none of the gold pages: no figure would mean anything
├── BaselineError      evals/baseline.json is broken, or does not belong to these sets
└── MissingExtra       an optional package is not installed; the message has the install line
"""


class EvalError(Exception):
    """Anything that goes wrong in an evaluation; the message is one line for the person at the keyboard."""


class SetError(EvalError):
    """A set of questions is missing, broken or empty; the message names file and line."""


class NothingToMeasure(EvalError):
    """The index is empty, or holds none of the gold pages."""


class BaselineError(EvalError):
    """evals/baseline.json is broken, or does not belong to these sets."""


class MissingExtra(EvalError):
    """An optional package is not installed."""
