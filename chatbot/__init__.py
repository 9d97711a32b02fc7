"""From a question to a cited answer: guard, route, retrieve, answer, cite, check."""
