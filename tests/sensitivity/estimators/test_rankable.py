"""Other responses to rank by are capped where a training went wrong, whatever it is called."""

import numpy as np
import pandas as pd

from sensitivity.estimators.rankable import RANKS, rankable


def test_a_loss_that_rose_sets_no_cap_and_what_is_missing_gets_it():
    """Losses 0.7, 9, 30, none; training 0.5, 0.8, 20, none; the third rose: the loss is capped at 0.8."""
    plan = pd.DataFrame(
        {
            "value": [0.2, 0.3, 0.1, 0.9],
            "loss_rose": [False, False, True, False],
            "validation_error": [0.2, 0.3, 0.4, np.nan],
            "validation_loss": [0.7, 9.0, 30.0, np.nan],
            "training_loss": [0.5, 0.8, 20.0, np.nan],
        }
    )
    found = rankable(plan, "value")
    np.testing.assert_array_equal(found[RANKS], [2, 3, 1, 4])
    np.testing.assert_array_equal(found["validation_loss"], [0.7, 0.8, 0.8, 0.8])
    np.testing.assert_array_equal(found["validation_error"], [0.2, 0.3, 0.3, 0.3])
