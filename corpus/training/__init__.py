"""How the shipped encoder was made: data → pairs → train → card. Only this package imports torch.

Run `python -m corpus.training --data DIR`. docs/model-card.md holds what came out,
docs/decisions/0003-static-encoder.md why it is built this way.
"""
