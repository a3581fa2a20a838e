# The explorer in the page. What stands in braces inside a text is filled in by the script.

title = Explore it yourself
lead = How good are the results at any two settings, and what do the others change? Choose, then point at a cell.
rows = Down
columns = Across
swap = Swap down and across
others = The other settings are
tuned = tuned
averaged = averaged
fixed = held at
fixed-at = = { $level }
all-tuned = All tuned
all-averaged = All averaged
best-smallest = lowest
best-largest = highest
meaning-tuned = Each cell shows its best configuration: the one with the { $best } mean over replicates.
meaning-averaged = Each cell shows the mean over all its trials: what to expect there when nothing else is tuned.
meaning-mixed = Each cell shows the { $best } mean that any choice of the tuned settings gives, the mean being taken over every value of the averaged ones.
meaning-fixed = A setting that is held counts only where it is used.
only-two = There are no other settings.
marks = Framed: the best of a row. Hatched: a tenth or more of the cell’s trials { diverged }, densely: half or more; grey: all. Empty: no trial.
keys = With the keyboard, the arrow keys go from cell to cell.
left-out = The { $shown } settings that matter most can be chosen. The other { $left } are tuned where all others are tuned, else averaged.
other-levels = { $count ->
    [one] one other value
   *[other] { $count } other values
}

grid = { $rows } by { $columns }
scale = Colour
scale-good = good
scale-bad = bad
choose = Point at a cell, or tap it.
number = mean ± sd
mean = mean
sd = standard deviation
n = n (trials of the mean)
failed = { diverged } in this cell
failed-of = { $share } ({ $failed } of { $count } trials)
tuned-to = tuned to
fixed-to = held at
averaged-over = averaged over
no-trial = No trial here.
all-failed = Every trial here { diverged }.
all-failed-short = all { $failure ->
    [divergence] div.
   *[failure] failed
}
best-of-row = best of its row

curves = Learning curves of this cell’s trials
curves-of = { $shown } of { $count } drawn
curves-bold = Bold: the trials of the mean above.
step = { $progress ->
    [epoch] epoch
   *[step] step
}

rate-title = One { $rate }, every { $branch }
rate-lead = Move the slider: how well does each do at this { $rate }, everything else tuned for it?
rate-legend = Curve: the best result at each value, logarithmic above the best of all, with its 95 % interval. Dashed line: the bar that a result must meet to be good, as in the table of tolerance. Dark part of the axis: the values that are good.
rate-predicted = The curves are predictions of a surrogate, as in the tables.
rate-said = { $rate } { $level }
summary = Still good: { $good } of { $count }. { $names }
loss = { $loss } worse than its own best
loss-none = its own best
is-good = good
is-bad = too bad
is-few = cannot be judged
untried = not tried here
bar = bar { $bar }
failed-here = { $share } { diverged }
none = none
