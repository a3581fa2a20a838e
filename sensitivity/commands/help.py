"""What the command line says of itself: data, because ``python -OO`` strips docstrings."""

from __future__ import annotations

from typing import Final

DATASET_WORDS: Final = (
    "Dataset, as named by: list. Or your own: a .csv, .tsv or .parquet file, openml:NAME_OR_ID, or "
    "package.module:function that returns (X, y). Several (digits,wine, or the option again): each is "
    "trained with the same settings, and what they say together is shown."
)

HELP: Final = {
    "sensitivity": """
See how sensitive training is to the optimizer, the learning rate, β, the batch size and the schedule.

[bold]Examples[/bold]

  python -m sensitivity sweep          default sweep: 6,172 networks, a minute or so
  python -m sensitivity sweep quick    ready-made sweep of some fifteen seconds
  python -m sensitivity sweep mine.toml --out runs/mine
  python -m sensitivity measure trials.csv --metric loss --out measured
  python -m sensitivity report mine.db --out reported
  python -m sensitivity show runs/digits tolerance
  python -m sensitivity cite runs/digits ranking learning_rate
  python -m sensitivity compare runs/digits runs/moons
  python -m sensitivity zoom runs/digits --out next.toml
  python -m sensitivity plan mine.toml   how sharp will it be, how long does it take?
  python -m sensitivity confirm runs/digits   the best again, with fresh seeds
  python -m sensitivity best runs/digits --as torch   take it away as code
  python -m sensitivity lr-find        a learning rate from one short run each
  python -m sensitivity versus momentum sgd runs/digits
  python -m sensitivity claims         what study notes claim, put to the test
  python -m sensitivity trajectories   update rules on surfaces to look at
  python -m sensitivity list           all names there are to choose from
""",
    "sweep": """
Train all networks of a sweep and rank the settings.

Without a definition it is the default sweep: nine optimizers × eleven
learning rates × three β × three batch sizes × four schedules on digits.
In a folder that holds a run, the run is resumed.

[bold]Examples[/bold]

  python -m sensitivity sweep --dataset moons --epochs 10
  python -m sensitivity sweep quick --dataset mine.csv --target price
  python -m sensitivity sweep --set 'space.optimizer=["sgd", "adam"]'
  python -m sensitivity sweep --set 'space.batch_size=[32, "all"]'
  python -m sensitivity sweep quick --set space.schedule=one_cycle --set
  space.learning_rate=find       peak of 1cycle, rates of all: as lr-find suggests
  python -m sensitivity sweep sobol --set trials=5000 --seed 1 -o runs/mine
  python -m sensitivity sweep -o runs/digits     resume, or show it again
  python -m sensitivity sweep --share /net/dir   on every machine: all train together
""",
    "measure": """
Measure how sensitive a result is to each setting, from trials that anybody made.

Trials come from a run folder (also while its sweep is running), from any
Optuna study, or from a table with a column per setting and one for the
result: CSV, JSON lines, Parquet, an export of Optuna, W&B or MLflow, results
of scikit-learn (CSV or joblib), the folder of Ray Tune or keras-tuner.
Reading changes nothing. One table per measure goes to DIR/tables.

[bold]Examples[/bold]

  python -m sensitivity measure runs/digits
  python -m sensitivity measure --storage sqlite:///a.db --study mine -o out
  python -m sensitivity measure a.csv --metric accuracy --maximize -o out
  python -m sensitivity measure a.csv -m loss --cap 2.3 --log lr -o out
""",
    "report": """
Explain trials that anybody made: tables, pictures and one HTML page.

Takes what measure takes: a run folder, any Optuna study, or a table with a
column per setting and one for the result: CSV, JSON lines, Parquet, an export
of Optuna, W&B or MLflow, results of scikit-learn (CSV or joblib), the folder
of Ray Tune or keras-tuner.
DIR gets report.html, which opens in any browser and loads nothing, tables/
and figures/. A sweep writes the same at its end.

[bold]Examples[/bold]

  python -m sensitivity report runs/digits
  python -m sensitivity report --storage sqlite:///a.db --study mine -o out
  python -m sensitivity report a.csv --metric accuracy --maximize -o out
  python -m sensitivity report ray_results/mine --metric loss -o out
""",
    "show": """
Print any table of a run, or the list of them.

[bold]Examples[/bold]

  python -m sensitivity show runs/digits
  python -m sensitivity show runs/digits tolerance --branch adam
  python -m sensitivity show runs/digits trials --rows 20
  python -m sensitivity show runs/digits ranking --format latex
""",
    "cite": """
Print a number as it can stand in a paper: with its interval and of what kind
that is, trials, seeds, ranges, version; and a BibTeX entry of the software.

[bold]Examples[/bold]

  python -m sensitivity cite runs/digits ranking learning_rate
  python -m sensitivity cite runs/digits tolerance learning_rate adam
  python -m sensitivity cite runs/digits divergence_by_level branch=adam
""",
    "compare": """
Rank the settings of several runs side by side, and say what to set once for all.

[bold]Examples[/bold]

  python -m sensitivity compare runs/digits runs/moons
  python -m sensitivity compare runs/* -o compared
""",
    "zoom": """
Write the next, narrower sweep: what is noise is fixed, ranges are cut.

What the answer says to fix gets its value in the best configuration, what it
says to tune keeps its good values, with finer steps, for each optimizer; a
range whose end is best goes on. An optimizer is left out where an interval
says that another is better. Each line says why. The next seed trains fresh
networks. Trials of your own give code for Optuna, as --as optuna does.

[bold]Examples[/bold]

  python -m sensitivity zoom runs/digits --out next.toml
  python -m sensitivity zoom runs/digits --as optuna
  python -m sensitivity zoom a.csv --metric accuracy --maximize
  python -m sensitivity zoom --storage sqlite:///a.db --study mine
""",
    "plan": """
Say how wide intervals will be, and how long that takes, before it is trained.

Before: of a definition a pilot of ten seconds is trained, a part of the plan.
Afterwards: what more trials would add to a run. Replicates that nobody trained
are made of those that were, and go through the estimator of the report.

[bold]Examples[/bold]

  python -m sensitivity plan mine.toml
  python -m sensitivity plan quick --within 5
  python -m sensitivity plan runs/digits --more 400
""",
    "confirm": """
Train the best of a sweep again with fresh seeds: what was luck, which to take.

The best of many was lucky in part. Trained again: the best K by mean, the
most forgiving within one standard error of the best (its neighbours are good
too), the best of the search, and the default. All share the fresh seeds.
RUN gets confirm.csv, a row per training, and tables/confirmed.csv.
Interrupted, or with more replicates, the same command goes on.

[bold]Examples[/bold]

  python -m sensitivity confirm runs/digits
  python -m sensitivity confirm runs/digits --top 3 --replicates 20
""",
    "best": """
Say which configuration to take, and give it as code or as a fitted model.

Chosen by confirm where that has run; else, of those that the seeds cannot tell
from the best mean (one standard error), the one whose neighbours are good too.
The code loads the data, splits, starts and trains as the sweep did, and gets
its numbers. --fit trains on all examples: an estimator of scikit-learn's.

[bold]Examples[/bold]

  python -m sensitivity best runs/digits
  python -m sensitivity best runs/digits --as torch > best.py
  python -m sensitivity best runs/digits --as keras --out code
  python -m sensitivity best runs/digits --fit model.joblib
  python -m sensitivity best trials.csv --metric loss
""",
    "lr-find": """
Find a learning rate in one short run per optimizer, whose rate rises.

Where the loss climbs again the run breaks; a tenth of that rate is the one
suggested. With the folder of a sweep, the suggestion is laid over the valley
that its trainings measured, and the table says how far off it is.

[bold]Examples[/bold]

  python -m sensitivity lr-find
  python -m sensitivity lr-find --dataset moons --optimizer adam
  python -m sensitivity lr-find --set network.hidden=[32,32] --replicates 10
  python -m sensitivity lr-find runs/digits
""",
    "versus": """
Set one level of a setting against another: how often it wins, by how much.

Once with the same other settings and seed, once each at its own best, which
is chosen on one half of the replicates and judged on the other.

[bold]Examples[/bold]

  python -m sensitivity versus momentum sgd runs/digits
  python -m sensitivity versus 16 128 --setting batch_size runs/digits runs/wine
  python -m sensitivity versus adam sgd trials.csv --metric loss
""",
    "claims": """
Put the claims of study notes about optimizers to the test.

Trains what the claims need and is not there yet, on seven datasets, and says
of each claim whether the data support it, contradict it or cannot tell. All
of them take some minutes. Interrupted, the same command goes on. DIR gets
claims.html, tables/, figures/ and trainings/, each a run folder.

[bold]Examples[/bold]

  python -m sensitivity claims
  python -m sensitivity claims momentum-beats-sgd lr-01
  python -m sensitivity claims --seed 1 --out runs/claims-1
""",
    "trajectories": """
Watch the update rules run down a surface: contours with paths, and a GIF.

Surfaces: korean-textbook-surface (x²/20 + y²), ravine, saddle, plateau,
double_well, rosenbrock, beale. Pictures of closed forms come with the first
two: largest stable rate, best β, terminal speed, reach of Adam's step.

[bold]Examples[/bold]

  python -m sensitivity trajectories
  python -m sensitivity trajectories --surface ravine --rate 0.19
  python -m sensitivity trajectories --surface saddle --optimizer sgd
  python -m sensitivity trajectories --surface beale --start 0 -1 --steps 500
""",
    "list": "List sweeps, datasets, optimizers, schedules, claims, settings and keys, each with one line.",
}
