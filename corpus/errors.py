"""Errors of the shared layer.

CorpusError
├── SiteError          the site file is missing, broken or unknown
├── EncoderError       an encoder cannot be loaded or does not fit the index
├── BankError          a line of the bank of residents' Dutch is broken
├── GenerationError    an index generation is missing, broken or does not fit
│   └── NothingPublished   the site has no published generation yet
└── StateError         state.db cannot be read or written
"""


class CorpusError(Exception):
    """Anything that goes wrong in the shared layer; the message is one line for the person at the keyboard."""


class SiteError(CorpusError):
    """The site file is missing, broken or unknown."""


class EncoderError(CorpusError):
    """An encoder cannot be loaded or does not fit the index."""


class BankError(CorpusError):
    """A line of the bank of residents' Dutch is broken; the message names file and line."""


class GenerationError(CorpusError):
    """An index generation is missing, broken or does not fit."""


class NothingPublished(GenerationError):
    """The site has no published generation yet."""


class StateError(CorpusError):
    """state.db cannot be read or written."""
