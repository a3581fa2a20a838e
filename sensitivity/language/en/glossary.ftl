# Terms of the page, each with what it means. The attribute "forms" lists the words by which messages use a
# term: the page explains it where one of them first stands.

setting = setting
setting-means = { $trial ->
    [network] a hyperparameter, such as the learning rate
   *[trial] what was varied from trial to trial: a hyperparameter
}
    .forms = settings, setting

configuration = configuration
configuration-means = one value for each setting that is active
    .forms = configurations, configuration

trial = trial
trial-means = { $trial ->
    [network] a configuration trained with the seed of a replicate: its weights, minibatches and split
   *[trial] { $noise ->
        [seed] a configuration with the seed of a replicate
       *[other] one run of a configuration
    }
}
    .forms = trials, trial

variance = share of the variance
variance-means = how much of the spread of all results goes back to a setting. Spread is the variance: the mean square of how far results lie from their mean. 100 %: nothing else makes results differ; 0 %: it makes no difference
    .forms = share of the variance, variance

main-effect = main effect
main-effect-means = share of the variance that a setting explains by itself (first-order Sobol index)
    .forms = main effects, main effect

interaction = interaction
interaction-means = what settings do together, beyond what each does by itself: the best value of one depends on the value of another
    .forms = interactions, interaction

total-effect = total effect
total-effect-means = main effect and every interaction that a setting takes part in (total Sobol index); totals overlap, so they may add up to more than 100 %
    .forms = total effects, total effect

noise-means = { $noise ->
    [unknown] what no setting explains. Nothing was run twice, so nobody knows whether results would differ when run again or the surrogate gets them wrong
   *[other] share of the variance that is left between trials of one configuration
}
    .forms = noise of the seed, noise or misfit, noise

interval = [a, b]
interval-means = 95 % interval: so sampled, 95 of 100 such intervals hold the true value; a dash: unknown
    .forms = 95 % intervals, 95 % interval, interval, intervals

told = told from the noise
told-means = an effect that { the-noise } alone would hardly show (tested at 5 %, Holm's correction); it may still be small: look at its share
    .forms = told from, not told apart, told apart

surrogate = surrogate
surrogate-means = a model fitted to the trials, which predicts the result of configurations that nobody ran
    .forms = surrogate model, surrogate

fit = q²
fit-means = how well a surrogate predicts trials that it has not seen: 1 is perfect, 0 no better than their mean
    .forms = q²

replicate = { $trial ->
    [network] replicate, split and seed
   *[trial] replicate
}
replicate-means = { $trial ->
    [network] what all trials of one replicate share, such as an easy validation split; hardly known with two of them
   *[trial] what all trials of one replicate share; hardly known with two of them
}
    .forms = replicates, replicate

standard-error = standard error
standard-error-means = how far a mean of so few replicates typically lies from that of very many
    .forms = standard errors, standard error

optimizer = optimizer

branch = branch
branch-means = all trials, or those of one { $branch }
    .forms = branches, branch

forgiving = most forgiving
forgiving-means = of the configurations that are as good as the best within one standard error, the one whose worst neighbour is best: a small mistake costs least there
    .forms = most forgiving

neighbour = neighbour
neighbour-means = a configuration that is one step away in one number, everything else equal
    .forms = worst neighbour, neighbours, neighbour

tolerance = tolerance
tolerance-means = how far from the best still counts as good: a tenth of the way to the median, unless the page says otherwise. What lies within it is called acceptable where everything is measured by one bar
    .forms = tolerance

retuned = tuned again, re-tuned
retuned-means = every other setting at its best for this value
    .forms = tuned again, re-tuned

untuned = untuned
untuned-means = the median over all choices of the other settings
    .forms = untuned

slice = slice
slice-means = every other setting as in the best configuration
    .forms = slice

common-bar = common bar
common-bar-means = what is acceptable for every optimizer alike: a tenth of the way from the best of all to a constant prediction. It is wider than what counts as good on the first screen
    .forms = common bar

cap = the cap
cap-means = { $trial ->
    [network] the value that a diverged trial counts with, and no trial counts with more: a constant prediction's
   *[trial] the value that a failed trial counts with, and no trial counts with more
}
    .forms = the cap

diverged-means = { $trial ->
    [network] loss or weights became infinite, or the training loss ended above where it began and the error is no better than a constant guess; such a trial counts with the value of a constant prediction and is never dropped
   *[trial] a trial without a finite result; it counts with the cap and is never dropped
}
    .forms = diverged, diverges, diverge, failed, fails
