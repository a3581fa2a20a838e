# Pictures: their titles, what stands in them, the sentences beside them.

lower = lower is better
higher = higher is better
higher-metric = Higher { $metric } is better.
lower-plain = Lower is better.
about = { $count ->
    [one] 1 trial
   *[other] { $count } trials
}
few-replicates = A ± of { $count } replicates says little by itself: compare by the 95 % intervals
log-scale = { $name } (log scale)
all-optimizers = all optimizers
all-trials = all trials
whiskers = Whiskers and brackets: 95 % intervals.
brackets = Lines and brackets: 95 % intervals.
bands = Bands: 95 % intervals.
no-intervals = No intervals: { $reason }.
no-intervals-known = No intervals known.
once = nothing was run twice
without-replicates = no replicates
first-of = The first { $shown } of { $count } settings.
first-of-ranking = The first { $shown } settings of the ranking.
share-axis = share of the variance of the response (%)
share-of-variance = share of the variance (%)
share-of-variance-short =
    share of the
    variance (%)
noise-line = { $seeds ->
    [yes] { $noise ->
        [seed] noise of the seed
       *[other] noise
    }
   *[no] noise or misfit
} { $share }
not-above = not above the noise
not-judged = not judged
counts-inside = counts inside { $branch }
main-effect = main effect
total-effect = total effect
grey = Grey: not above { the-noise }.
grey-hatched = Grey and hatched: not above { the-noise }.
grey-open = Grey and open: not above { the-noise }.
seed-alone = Dashed: { $noise ->
    [seed] what the seed alone explains
    [replicate] what the noise alone explains
   *[unknown] noise or misfit
}{ $shaded ->
    [yes] , its 95 % interval shaded
   *[no] {""}
}.
left-out = Left out, less important: { $names }.
left-out-optimizers = { $count } more optimizers, which reach less, are left out.
empty = Empty: no trial.
note = Note: { $remark }.
do-not-vary = { $first } and { $second } do not vary together
no-two-vary = no two settings vary together
no-curve = no trial has a curve
nothing-varies = no setting varies

ranking = Which settings matter
ranking-main = Solid: main effect, what a setting explains by itself, averaged over all others.
ranking-total = Pale: total effect, with every interaction the setting takes part in; totals overlap, so they may add up to more than 100 %. The number is the total effect.
ranking-no-total = Total effects are unknown for this plan: interactions are not seen.
no-setting = there is no setting

variance = Where the variance comes from
variance-pairs = interactions of two
variance-more = interactions of three or more
variance-unexplained = not explained by the model
variance-noise = { $noise ->
    [seed] noise of the seed
    [replicate] noise
   *[unknown] noise or misfit
}
variance-remainder = not explained by main effects
variance-colours = Colours of settings: main effects, each averaged over all other settings.
variance-bars = Every bar is 100 % of the variance inside its own branch{ $more ->
    [yes] , the first { $shown } of { $count }
   *[no] {""}
}: a setting can rule { $optimizers ->
    [yes] one optimizer
   *[no] one of them
} and not another.
variance-slate = Slate: what settings do together beyond their main effects.
variance-apart = Light grey: interactions and noise that this plan cannot tell apart.
variance-model = Light grey: what the fitted model misses and replicates do not blame on { $trial ->
    [network] the seed
   *[trial] { $noise ->
        [seed] the seed
       *[other] the noise
    }
}.
variance-scaled = Estimates below 0 (no effect, and luck) are drawn as 0, the others scaled to 100 %.
variance-numbers = Numbers in percent, from { $least } % on.
no-variance = there is no variance

interactions = Main effects and interactions of the settings: { $about }
interactions-shares = Shares of the variance of { $metric } { $ends ->
        [yes] with 95 % intervals
       *[no] in per cent
    }; darker is more.
interactions-cells = Diagonal: what a setting explains by itself. Beneath: what two settings do together beyond that.
interactions-total = Last column: everything that the setting takes part in, so its rows overlap.
interactions-higher = Three or more settings together: { $share } %.
interactions-misfit = What the surrogate does not explain: { $share } %.
interactions-noise = { $noise ->
    [seed] Noise of the seed
   *[other] Noise
}: { $share } %.
interactions-grid = interactions are known for complete grids only

among-best = What still matters among the best { $best } %
among-best-all = all trials: main effect
among-best-best = among the best
among-best-axis = share of the variance (%); the two sides have scales of their own
among-best-how = Left: how much of the variance of the response a setting explains by itself. Right: how much of whether a trial is among the best { $best } %{ $marked ->
    [none] {""}
   *[other] {" "}({ $marked } % of them, as values tie)
}, with a { $metric } of { $bound } or { $side ->
    [lower] lower
   *[higher] higher
}. Compare ranks, not lengths: being among the best takes all settings at once, so shares on the right are small by nature.
sides = Each side is sorted by its rank; lines join places of a setting, thick where they differ.
sides-grey = Grey and hatched: the interval reaches 0, so it may not matter.
sides-none = Grey and hatched: no effect seen.

survivors = The ranking with and without { diverged } trials
survivors-capped = { diverged } trials at the cap
survivors-only = survivors only
survivors-how = Left: { $kind ->
    [total] total
   *[main] main
} effects where a { diverged } trial counts as the cap. Right: the same among the { $left } of { $every } trials that did not { $failure ->
    [divergence] diverge
   *[failure] fail
}. One that falls mattered mostly because it makes training { $failure ->
    [divergence] diverge
   *[failure] fail
}. Shares on the right are no Sobol' indices: settings depend on each other among the survivors, so they do not add up; with other { many-seeds } others survive: no interval.
none-diverged = no trial { diverged }

best-of-pair = Best { $metric } by { $columns } and { $rows }: { $about }
each-cell = Each cell{ $texts ->
    [yes] {""}
   *[no] {" "}(too many for numbers)
}: { $label } of its best configuration{ $several ->
    [yes] {" "}± standard deviation over its replicates
   *[no] {" "}(one replicate: no ± known)
}, all other settings tuned for that cell; darker is better.
each-cell-panel = Each cell: { $label } of its best configuration (mean over its replicates), all other settings tuned; darker is better.
scatter-of-curves = { $scatter } of the isolation curves (table, and pale in the pair matrix).
scatter-of-diagonal = { $scatter } on the diagonal.
cell-failed = Per cent: share of all the cell's trials that { diverged }.
hatched = Hatched: 10 % or more of the cell's trials { diverged }, densely: 50 % or more; grey: all of them.
framed-row = Framed: best of the row, ties included.
framed-panel = Framed: the best of the panel, ties included.
pairs = { $metric } by all pairs of settings: { $about }
pairs-below =
    below: best, re-tuned
    { $label }
pairs-above =
    above: mean, untuned
    { $label }
pairs-how = Below the diagonal: best configuration of each cell, all other settings tuned, ± standard deviation over its replicates. Above: mean ± standard deviation of all trials of the cell, nothing tuned. On the diagonal: the best at each level of the setting, all others tuned, ± standard deviation over replicates, with its 95 % interval (pale). { $turned ->
    [yes] Darker is better, and so is a lower line.
   *[no] Darker and lower is better.
}
pairs-many = Too many cells for numbers.
optimum-dots = Dots: the best { $one } at each { $two }, the middle of those that cannot be told from the best. Bar: its 95 % interval. Open: at the edge of the range, so the best may lie beyond.
optimum-none = there is no number whose best value could be followed
momentum-line = Line: { $axes } is as in the framed cell; along it the effective rate of momentum is the same.
momentum-own = Optimizers that scale their gradient by { $factors } themselves have no reason to follow it.
momentum-shares = Interaction of { $rate } and { $beta } as a share of the variance, with { $rate } and then with { $effective } in its place: { $shares }.
no-numbers = { $first } and { $second } are no numbers

gains = What tuning gains and a wrong value costs{ $branch ->
    [all] {""}
   *[other] : { $branch }
}
gains-axis = gain (better) or cost (worse){ $beyond ->
    [none] {""}
   *[other] , log scale beyond { $beyond }
}
gains-in =
    { $axis }
    in { $metric }
gains-kind-gain = gain
gains-kind-cost = cost at { default }
gains-kind-again = cost re-tuned
gains-together = all together
gains-is-best = { $size }  { $level } is best
gains-at = { $size }  at { $level }
gains-largest = The { $shown } of { $count } settings with the largest amounts.
gains-gain = Gain: improvement from tuning this setting alone, everything else at its { default }.
gains-all = All together: from the { default } to the best configuration of all.
gains-cost = Cost at { default }: its worst value against its { default }, everything else at its { default }.
gains-again = Cost re-tuned: its worst value against its best, everything else tuned again for each.
gains-unjudged = Whether noise explains them cannot be judged: nothing was run twice.
gains-unknown = Gains are unknown: the { default } configuration was not trained.
gains-defaults = { $reference ->
    [default] Default
   *[reference] Reference, the middle of each range
} (nearest values { $found ->
    [predicted] predicted
   *[tried] tried
}): { $defaults }.
no-difference = no value of any setting makes a difference

width = How wide the acceptable range is: { $setting }
widths = How wide the acceptable range of each setting is
width-axis = place in the range tried (%; on a log scale where the setting has one)
width-lowest = lowest
width-highest = highest
width-decades = { $least }{ $decades } decades
width-nowhere = nowhere: { $width }
width-values = { $width }: { $low } to { $high }
width-pale = Pale: acceptable, that is, where the best reachable { $metric }, all other settings tuned, is within { $share } of the way from the best of all trials to { $common ->
    [yes] a constant prediction
   *[no] the median of all trials
}; wider is easier to tune.
width-dark = Dark: where { $both ->
    [yes] both choices of the other settings are in the mean
   *[no] half of all choices of the other settings are
}, with nothing tuned and { diverged } trials counted; the numbers are the dark bar's.
width-diamond = Diamond: best value, the rest tuned.
width-sorted = Sorted by width: the most forgiving first.
width-arrow = Arrow head, ≥: the band reaches the edge of the range tried and may go on.
width-hatched = Hatched: several separate bands, drawn from the first to the last.
width-nowhere-means = Nowhere: no value comes within the tolerance.
width-intervals = In brackets: 95 % intervals ({ $trial ->
    [network] seed
   *[trial] { $noise ->
        [seed] seed
       *[other] noise
    }
} and grid).
width-blurred = the tolerance is smaller than the error of the surrogate
width-between = { $apart ->
    [none] The ends
   *[other] Levels are { $apart } decades apart; the ends
} lie between levels by linear interpolation.
no-numeric = no numeric setting varies
no-band = no setting has a band

budget = How good the best of k random trials is
budget-k = random trials k (log scale)
budget-best = expected best { $metric }
budget-search = random search
budget-how = Expected best { $metric } of k trials drawn at random from this plan, one { a-seed } each.
budget-flat = A line that is flat early: few trials are enough.
budget-grey = Grey: eight of ten searches of the whole space end inside.
budget-bands = Bands in the colour of a line: 95 % intervals.
budget-others = Other lines: the same with the optimizer fixed.
no-configuration = there is no configuration

stable = Is the ranking stable: { $about }
stable-trials = number of trials (log scale)
stable-tau = Kendall's τ (1: same order, 0: unrelated)
stable-subsets = random subsets
stable-halves = two halves
stable-single = single optimizers
stable-replicates = replicates, { $against }: { $tau }
stable-metric = { $name }: { $tau }
stable-uncapped = { $name }, uncapped: { $tau }
stable-pairs = all pairs
stable-how = How well the order of the settings agrees; higher is more stable, 1 (dashed) is the same order.
stable-line = Line: random subsets of the trials against all of them, mean with the range of 95 % of the draws shaded.
stable-faint = Faint: the same inside single optimizers.
stable-diamond = Diamond: two halves without a common trial against each other.
stable-plan = This plan is { $size }.
stable-points = Points: single replicates against each other, and other metrics against this one.
nothing-to-compare = there is nothing to compare with

curves-rate = How training goes at each { $setting }
curves-value = How training goes at each value of { $setting }
curves-best = How training goes at the best configuration
curves-failed = every run { diverged }
curves-configuration = best configuration
curves-best-at = best at { $level }
curves-vertical = Vertical: { $metric } after each { one-epoch }; { $way }.
curves-single = Each curve is that of the best configuration: no other trial differs from it in one setting.
curves-slice = All settings but { $setting } as in the best configuration of the panel, whose curve is thick and orange; it was chosen among many, so it had luck.
curves-lines = Lines: mean over replicates; bands: lowest to highest replicate.
curves-cross = ×: the first replicate has { diverged } ({ $trial ->
    [network] not finite, or at the end above its first loss and no better than a constant guess
   *[trial] no result, or none that is finite
}); a line ends where all have.
curves-held = Held: { $values }.
epoch = { one-epoch }

course = What matters early in training and what late
course-axis = share of the variance after this { one-epoch } (%)
course-total = Lines: total effect of each setting, interactions included, so they may add up to more than 100 %.
course-main = Lines: main effect of each setting, by bins; interactions are not seen in this plan.
course-response = Response: { $metric } after the { one-epoch }.
course-shares = Shares are of the variance after that { one-epoch }: a line may fall because another effect grows.
course-capped = A run that stops being finite has its own curve until then and the cap after; none counts above the cap.

noises = Where the noise comes from
noise-axis = share of the noise (%)
noise-of-all = { $share } of all variance
noise-how = What makes { $trial ->
    [network] networks
   *[trial] trials
} of one configuration differ, mean over the configurations. Whiskers and brackets: 95 % intervals; they rest on few draws of each source, which all configurations share. Rest: what weights, order and split do only together.
noise-below = An estimate below 0 is no effect, and luck.
noise-not-crossed = noise was not crossed

speed = { $progress ->
    [epoch] Epochs
   *[step] Steps
} to the target by { $setting }: { $about }
speed-scale =
    median { many-epochs } to the target
    (fewer is better)
speed-how = Each cell: the first { one-epoch } after which half of its trials, whatever the other settings, have reached the target; darker is faster.
speed-brackets = In brackets: 95 % interval; a dash as its end: half may never get there.
speed-grey = Grey{ $texts ->
    [yes] {" "}with a dash
   *[no] {""}
}: fewer than half get there within the training{ $texts ->
    [yes] ; per cent: the share that does
   *[no] {""}
}.
speed-bins = Numbers under the columns: middles of bins of { $setting }.
speed-some = nowhere do half of the trials reach the target
speed-none = no trial reached a target

failures = { $failure ->
    [divergence] Diverged
   *[failure] Failed
} trials by { $columns } and { $rows }: { $about }
failures-axis = { diverged } (%)
failures-how = Each cell: share of its trials that { diverged }; darker is more.
failures-small = Small: 95 % interval, replicates of a configuration counted as alike.
drawn-levels = Drawn: { $levels }.
drawn-of = of { $name } the { $shown } best of { $count } values
not-shown = Not shown: { $levels }, which { $count ->
    [one] has
   *[other] have
} no { $others }.
every-trial-failed = every trial { diverged }
stable-few = these trials are too few for another ranking of some of them
cell-all-failed =
    all
    { $failure ->
        [divergence] div.
       *[other] failed
    }
stable-ranks = ranks of the value

runs = Do the same settings matter in every run
runs-few = fewer than two runs have a share to compare
runs-how = Large: rank of the setting in the run, 1 = largest { $kind ->
    [total] total
   *[main] main
} effect. Beneath, and as the colour (darker is more): that effect's share of the run's variance. Settings by their mean rank.
runs-kendall = Kendall's W is 1 where all runs give the same ranking and 0 where they agree in nothing.
runs-blank = Blank: the run does not vary the setting, or its share is unknown.
