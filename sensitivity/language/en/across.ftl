# Several datasets together: the command `sweep` with several, `compare`, and their page.

dataset-of = { $name } ({ $number } of { $all })
title = { $name }: all datasets together
product = sensitivity across datasets
lead = What can be set once for all datasets, and what has to be tuned for each?
answer = The answer
fact-datasets = datasets
fact-configurations = configurations that all share
fact-replicates = replicates
fact-settings = settings

cost = One configuration for all datasets ({ $configuration }) costs { $cost } of score against tuning each dataset for itself: it reaches { $one }, tuned for each { $tuned }.
cost-nothing = One configuration for all datasets ({ $configuration }) costs nothing that shows, at most { $cost } of score: it reaches { $one }, each dataset tuned for itself { $tuned }, luck of the best included.
cost-unsure = How much one configuration for all ({ $configuration }) costs is not known better than { $cost } of score: it reaches { $one }, each dataset tuned for itself { $tuned }.
cost-alone = One configuration for all datasets ({ $configuration }) costs { $cost } of score against tuning each for itself: it reaches { $one }, tuned for each { $tuned }. Without replicates on every dataset nobody knows how much of that is luck.
nothing-to-tune = That configuration reaches at least 95 % of what tuning everything for each dataset does: { $count ->
    [one] the setting need not be tuned again
   *[other] none of the { $count } settings has to be tuned again
}.
few-to-tune = { $count ->
    [1] { $names } has to be tuned for each dataset to reach at least 95 % of what tuning it does
   *[other] { $tuned ->
        [one] One setting
       *[other] { $tuned } settings
    } tuned for each dataset ({ $names }), the others as in that configuration: that is at least 95 % of what tuning all { $count } reaches
} (effective dimension { $tuned }).
some-to-tune = Between { $low } and { $high } settings have to be tuned for each dataset, the others as in that configuration, for at least 95 % of what tuning all { $count } reaches (effective dimension); these trials cannot say it closer{ $tuned ->
    [0] {""}
   *[other] . Their best guess is { $tuned } ({ $names })
}.
few-by-luck = In these trials, luck included, { $tuned ->
    [0] that configuration alone reaches
    [one] one setting tuned for each dataset ({ $names }), the others as in that configuration, reaches
   *[other] { $tuned } settings tuned for each dataset ({ $names }), the others as in that configuration, reach
} at least 95 % of what tuning all { $count } does (effective dimension { $tuned }).
once = Set once for all: { $names }.
per-dataset = Tune for each dataset: { $names }.
unknown = Cannot be judged with these trials: { $names }.
to = { $low } to { $high }
set-to = { $name } { $level }

datasets-title = What each dataset loses
datasets-how = The best configuration of each dataset, and what the one for all reaches there. The score places a result between the worst and the best twentieth of all results of its dataset: 0 is as bad as the one, 1 as good as the other.
settings-title = Set once, or tune for each dataset
settings-how = What it costs, in score, to set this one once for all datasets while everything else is tuned for each. Brackets: 95 % interval for new replicates of these datasets. The luck of a best value is taken off, as far as halves of the replicates show it. “Set once”: even the upper end is at most { $margin }, a twentieth of the tuned score.
ranking-title = Do the same settings matter everywhere?
ranking-how = Rank of each setting by its share of the variance on each dataset, 1 the largest.

dataset = dataset
setting = setting
result = result
best-there = its best configuration
best-result = its best { $metric }
one-result = with the one for all
lost = lost (score)
what-to-do = what to do
cost-once = cost when set once
own-levels = best on each dataset
once-verdict = set once: { $level }
per-dataset-verdict = tune per dataset
unknown-verdict = cannot be judged
no-interval = no interval: no replicates

note-shared = { $name }: { $shared } of { $count } configurations count, those that all have.
note-fixed = One value only in what all share, so nothing is said of { $names }.
note-copies = { $names }: every result stands { $count } times in the table, as copies of rows do; each counts once.
note-alone = No interval, because no configuration was run twice on { $names }.
note-failures = Failed trials count as the worst result of their dataset: { $names }.
note-failed = Left out, because no trial there has a result: { $names }.
note-nameless = { $count ->
    [one] One trial
   *[other] { $count } trials
} without a { $column }, left out.
note-flat = Left out, because their results hardly differ: { $names }.
note-defined = As Adkins, Bowling & White (2024) define it (hyperparameter sensitivity), one configuration for all costs { $lucky ->
    [no] nothing: it is the best on every dataset
   *[yes] { $cost }: the best of each dataset is chosen and judged by the same replicates, so luck is included, the more the fewer they are
}.
note-metrics = The metrics differ ({ $names }); each result counts between the worst and the best twentieth of its own dataset.
note-differ = { $name } differs from { $other } in more than the dataset, and what is said across them is of both: { $keys }.
note-noise = Noise of a single trial among the best, in score: { $names }.
notes = Notes
pages = Pages of the single datasets
