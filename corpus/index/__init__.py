"""One generation of the index: text, vectors and words, and which generation is current."""
