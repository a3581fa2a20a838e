# A number as it can stand in a paper.

shares = shares of the variance of { $metric }, over the ranges swept
score-of = scores: 0 is the worst, 1 the best twentieth of all results of a dataset; { $metric }
metric = result: { $metric }
score = Brackets: 95 % score intervals, for other { $noise ->
    [seed] seeds
   *[other] replicates
} of the same configurations; nothing was resampled.
surrogate = Brackets: 95 % intervals of a fitted surrogate, which allow for its error and for { the-noise }.
draws = Brackets: 95 % intervals from draws of the means of all configurations within { the-noise }; those of widths also allow for the grid.
proportion = Brackets: 95 % intervals of proportions (Wilson), the replicates of a configuration counted as alike; those of medians follow from them.
bootstrap = Brackets: 95 % intervals, bootstrap over configurations with all their replicates.
fresh = Brackets: 95 % intervals for new replicates of the same datasets.
other = Brackets, where there are any: 95 % intervals.
trials = Trials: { $trials } of { $configurations ->
    [one] 1 configuration
   *[other] { $configurations } configurations
} ({ $name }).
replicates = { $noise ->
    [seed] Seeds: { $replicates } for each configuration.
   *[other] Replicates: { $replicates ->
        [one] none, each configuration was tried once.
       *[other] up to { $replicates } of a configuration.
    }
}
dataset = Dataset: { $dataset }.
ranges = Ranges swept: { $ranges }.
log = { $low } to { $high } (log scale)
linear = { $low } to { $high }
scale = Shares are of the result on another scale: { $scale }.
origin = Source: table { $table }, computed by sensitivity { $version }.
