"""Errors of ingest.

IngestError
├── CrawlError      a source as a whole cannot be read: unreachable, forbidden by robots.txt, empty
├── FetchError      one address gave no usable answer; the crawl goes on and reports it
│   └── Refused         the answer is final: a redirect loop, a file that is too large, a foreign host
├── NotIndexed      a saved page has no place in the index; the message is the reason in the report
├── BuildError      the pages cannot be made into an index
├── VerifyError     the built index does not answer as it should
├── HeldBack        a person has to decide: a large drop in pages, a floor of the gate (exit code 3)
└── ChildError      a `chatbot` or `evals` child process could not run
"""


class IngestError(Exception):
    """Anything that goes wrong in ingest; the message is one line for the person at the keyboard."""


class CrawlError(IngestError):
    """A source as a whole cannot be read."""


class FetchError(IngestError):
    """One address gave no usable answer this time; an earlier copy stays in use."""


class Refused(FetchError):
    """The answer of an address is final; asking again or an earlier copy does not help."""


class NotIndexed(IngestError):
    """A saved page has no place in the index; the message is the reason in the report."""


class BuildError(IngestError):
    """The pages cannot be made into an index."""


class VerifyError(IngestError):
    """The built index does not answer as it should."""


class HeldBack(IngestError):
    """A person has to decide whether this may be published."""


class ChildError(IngestError):
    """A child process could not run."""
