# The explorer in the page. What stands in braces inside a text is filled in by the script.

title = Explore it yourself
lead = How good are the results at any two settings, and what do the others change? Choose, then point at a cell. What is good when everything is averaged forgives a careless choice of the rest.
lead-only = How good are the results at any two values? Point at a cell.
rows = Down
columns = Across
swap = Swap down and across
others = The other settings are
tuned = tuned
averaged = averaged
fixed-at = = { $level }
all-tuned = All tuned
all-averaged = All averaged
best-smallest = lowest
best-largest = highest
meaning-tuned = Each cell shows its best configuration: the one with the { $best } mean over replicates.
meaning-averaged = Each cell shows the mean over all its trials: what to expect there when nothing else is tuned.
meaning-mixed = Each cell shows the { $best } mean that any choice of the tuned settings gives, the mean being taken over every value of the averaged ones.
meaning-only = Each cell shows the mean over replicates.
meaning-fixed = A setting that is held counts only where it is used.
marks = Framed: the best of a row. Hatched: a tenth or more of the cell’s trials { diverged }, densely: half or more; grey: all. Empty: no trial.
keys = With the keyboard, the arrow keys go from cell to cell.
left-out = The { $shown } settings that matter most can be chosen. { $left ->
    [one] The other one is
   *[other] The other { $left } are
} tuned where all others are tuned, else averaged.
log-axis = { $name } (log)
other-levels = { $count ->
    [one] one other value
   *[other] { $count } other values
}

grid = { $rows } by { $columns }
scale-good = good
scale-bad = bad
number = mean ± standard deviation
n = n (trials of the mean)
failed = { diverged } in this cell
failed-of = { $share } ({ $failed } of { $count })
tuned-to = tuned to
fixed-to = held at
averaged-over = averaged over
no-trial = No trial here.
all-failed = Every trial here { diverged }.
all-failed-short = all { $failure ->
    [divergence] div.
   *[failure] failed
}

curves = Learning curves of this cell’s trials, { $metric }:
curves-of = { $shown } of { $count } drawn
curves-bold = Bold: the trials of the mean above.
step = { $progress ->
    [epoch] epoch
   *[step] step
}

rate-title = One { $rate }, every { $branch }
rate-title-all = Every { $rate }
all-trials = all trials
rate-lead-all = Move the slider: what can be reached at this { $rate }, with the other settings tuned for it?
rate-lead = Move the slider: how does each do at this { $rate }, with the other settings tuned for it?
rate-lead-chance = Move the slider: how does each do at this { $rate }, with the other settings tuned for it, and with the others left to chance?
rate-lead-alone = Move the slider: how does each do at this { $rate }?
rate-legend-alone = Solid line: the result at each value; pale, where it is known, its 95 % interval. The scale is logarithmic above the best of all. Dashed line: the bar that a result must meet to be acceptable, as in the table of tolerance. Thick part of the axis: the values that are acceptable.
summary-alone = Acceptable: { $good } of { $count }. { $names }
rate-legend = Solid line: the best result at each value, everything else tuned for it; pale, where it is known, its 95 % interval. The scale is logarithmic above the best of all. Dashed line: the bar that a result must meet to be acceptable, as in the table of tolerance. Thick part of the axis: the values that are acceptable.
rate-legend-untuned = Dotted line: the median over every choice of the other settings, { diverged } trials included; the lower thick part is where it is acceptable. Where it stays low, a value forgives what else is chosen.
rate-predicted = The curves are predictions of a surrogate, as in the tables.
rate-ends = From { $low } to { $high }.
rate-ends-log = From { $low } to { $high }, on a logarithmic scale.
rate-said = { $rate } { $level }
summary = Acceptable with the rest tuned: { $good } of { $count }. { $names }
summary-untuned = Acceptable for half of all choices of the rest: { $good } of { $count }. { $names }
with-tuned = rest tuned
with-untuned = rest untuned, median
loss = { $loss } worse than its own best
loss-none = its own best
is-good = acceptable
is-risky = acceptable at best
is-bad = too bad
is-few = cannot be judged
untried = not tried here
bar = The bar is at { $bar }.
failed-here = { $share } { diverged }
