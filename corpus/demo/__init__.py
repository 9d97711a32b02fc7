"""The demo municipality: an invented website to crawl, with the traps that real ones have."""
