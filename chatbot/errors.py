"""Errors of the chatbot.

ChatbotError
├── QuestionError      a question or history that cannot be read
├── ModelError         the language model is unreachable, too slow or answers nonsense
└── ServeError         the server cannot start: port taken, no credentials
"""


class ChatbotError(Exception):
    """Anything that goes wrong in the chatbot; the message is one line for the operator, never for a resident."""


class QuestionError(ChatbotError):
    """A question or history that cannot be read."""


class ModelError(ChatbotError):
    """The language model is unreachable, too slow or answers nonsense; the caller answers by quoting instead."""


class ServeError(ChatbotError):
    """The server cannot start."""
