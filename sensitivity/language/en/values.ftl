# Words of ours in the cells of tables.

tune = tune
fix = fix
cannot-be-judged = cannot be judged

# Words of ours in the cells of other columns.
main = main
binned = binned
total = total
interaction = interaction
noise-of-seed = noise
binned_noise = binned_noise
lack_of_fit = lack_of_fit
between = between
replicate = replicate
gain = gain
cost-at-default = cost at { default }
cost-re-tuned = cost re-tuned
difference = difference
slope = slope
all-together = all together
higher-orders = higher orders
split-and-seed = split and seed
seed = seed
re-tuned = re-tuned
slice = slice
untuned = untuned
own-best = own best
overall-best = overall best
common-bar = common bar
all-trials = all trials
all-pairs = all pairs
the-other-half = the other half
the-other-half-of-the-replicates = the other half of the replicates
ranks-of-the-value = ranks of the value
decades = decades
fraction = fraction
best = best
epochs = { many-epochs }
replicates = replicates
metrics = metrics
subsets = subsets
halves = halves
best-mean = best mean
most-forgiving = most forgiving
all = all
