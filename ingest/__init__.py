"""Crawl, extract, chunk, embed, build and publish: from a website to a generation of the index."""
