"""The public table of Adkins, Bowling & White (2024), PPO and six variants on five environments.

Expected are the numbers that the authors' own analysis (`analysis/utils.py` and `plots.py` of their
repository) makes of that table; the paper shows them as points of figures. What cannot be reached: intervals,
because runs of single seeds are not published, and trials that diverged, which the table leaves out.
"""

from pathlib import Path

import pandas as pd
import pytest

from sensitivity.across.choosing import loss, one_for_all, score, tuned
from sensitivity.across.dimension import effective_dimension
from sensitivity.across.scores import scores_of
from sweeps.space import Choices, Setting, Space, Variant

SETTINGS = ("ent_coef", "gae_lambda", "actor_lr", "critic_lr")
# tuned per environment, sensitivity, best with 0 to 4 settings tuned, fewest that reach 95 %
PUBLISHED = {
    "advn_norm_ema": (1.316243, 0.256525, (1.059718, 1.121278, 1.174564, 1.253289, 1.316243), 3),
    "advn_norm_max_ema": (1.290805, 0.144350, (1.146455, 1.220112, 1.244367, 1.252854, 1.290805), 2),
    "advn_norm_mean": (1.357219, 0.138357, (1.218862, 1.303631, 1.323152, 1.352455, 1.357219), 1),
    "lambda_ac": (1.265131, 0.102538, (1.162593, 1.210216, 1.231688, 1.251376, 1.265131), 1),
    "norm_obs": (1.255892, 0.077471, (1.178422, 1.212019, 1.226888, 1.235189, 1.255892), 1),
    "symlog_critic_targets": (1.110299, 0.118567, (0.991732, 1.045366, 1.075956, 1.085218, 1.110299), 2),
    "symlog_obs": (1.263006, 0.108867, (1.154139, 1.160589, 1.202738, 1.217105, 1.263006), 2),
}


@pytest.fixture(scope="module")
def published():
    table = pd.read_csv(Path(__file__).with_name("adkins2024.csv.gz"))
    return table.assign(value=-table["percentile_normalized_return"], dataset=table["env_name"])


@pytest.mark.parametrize("algorithm", PUBLISHED)
def test_the_published_numbers(published, algorithm):
    """Sensitivity, tuned score and what each number of tuned settings reaches, of an algorithm."""
    own = published[published["alg_type"] == algorithm].reset_index(drop=True)
    choices = {name: Choices(tuple(sorted(own[name].unique().tolist()))) for name in SETTINGS}
    space = Space([Setting(name, (Variant(domain, {}),)) for name, domain in choices.items()], {})
    scores = scores_of(own, space, normalise=False)
    best, sensitivity, reached, fewest = PUBLISHED[algorithm]
    assert score(scores, tuned) == pytest.approx(best, abs=1e-5)
    assert loss(scores, one_for_all).as_defined == pytest.approx(sensitivity, abs=1e-5)
    dimension = effective_dimension(scores)
    assert dimension.scores == pytest.approx(reached, abs=1e-5)
    assert dimension.effective == fewest
