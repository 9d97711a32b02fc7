"""Readers of files that are no web pages: PDF, DOCX, plain text and Markdown. Each takes bytes or text, none fetches."""
