"""Readers of files that are no web pages: PDF, Word, plain text and Markdown. None of them fetches."""
