"""How Vraagbaak reads Dutch: words, tokens, the encoder and the bank of residents' Dutch."""
