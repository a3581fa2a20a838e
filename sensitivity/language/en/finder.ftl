# lr-find: its picture and what stands in the terminal.

title = Learning-rate finder: { $dataset }
rate = learning rate
loss = loss / first loss
nothing = nothing learnt
ramp = Blue: training loss while the rate rises in { $steps } steps, averaged over a tenth of a decade; thin: each of { $replicates } seeds; thick: their mean. Dashed: where the thin curves break, having regained a tenth of their fall, in the geometric mean; the thick one may turn elsewhere. Black: the rate suggested, a tenth of that. Bands: 95 % intervals over the seeds.
valley = Green: error of the sweep's whole trainings at each rate, in parts of a constant guess's.

optimizer = optimizer
suggested = suggested rate
breaks = breaks at
best-tried = best tried
off = off, decades
error-there = error there
best-error = best error
reading = Breaks: the loss, averaged over a tenth of a decade, has climbed back a tenth of its fall. Suggested: a tenth of that. In brackets: 95 % intervals over the seeds.
unbroken = { $optimizer } broke in { $broke } of { $replicates } seeds below { $end }.
off-best = Off the best rate tried by { $median } decades in the median, { $most } at most; { $inside } of { $count } lie among the good rates ({ $surely } with the whole interval): within a tenth of the way from the best error to a constant guess's.
batches = { $steps ->
    [one] 1 step
   *[other] { $steps } steps
} with batches of { $size }
ramps = Ramp: { $ramps } (20 epochs at most). With another batch size, or a run's own network, the suggestion is another.
alike = Everything else at the run's levels nearest to the defaults: { $levels }.
