"""How wide the good range is: bands of the learning rate within a tolerance of the best, per optimizer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import LogLocator, NullLocator

from sensitivity.estimators.effects import ALL, BRANCH, SETTING, VERDICT
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.ranking import RANK
from sensitivity.measures.tolerance import OVERALL, OWN, RETUNED
from sensitivity.numerals import short
from sensitivity.plots.picture import NothingToDraw, Picture
from sensitivity.plots.style import INK, MUTED, NOISE, new_figure, setting_colours, styled, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.reading.source import Source

NAME: Final = "tolerance"
_CUT: Final = "cut off by the range"
