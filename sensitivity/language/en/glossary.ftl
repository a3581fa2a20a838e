# Terms of the page, each with what it means.

setting = setting
setting-means = a hyperparameter, such as the learning rate

configuration = configuration
configuration-means = one value for each setting that is active

trial = trial
trial-means = { $trial ->
    [network] a configuration trained with the seed of a replicate: its weights, minibatches and split
   *[trial] { $noise ->
        [seed] a configuration with the seed of a replicate
       *[other] one run of a configuration
    }
}

main-effect = main effect
main-effect-means = share of the variance that a setting explains by itself (first-order Sobol index)

total-effect = total effect
total-effect-means = that and every interaction it takes part in (total Sobol index); totals overlap, so they may add up to more than 100 %

noise-means = share of the variance that is left between trials of one configuration

interval = [a, b]
interval-means = 95 % interval; a dash: unknown

told = told from the noise
told-means = an effect that { the-noise } alone would hardly show (tested at 5 %, Holm's correction); it may still be small: look at its share

replicate = { $trial ->
    [network] replicate, split and seed
   *[trial] replicate
}
replicate-means = { $trial ->
    [network] what all trials of one replicate share, such as an easy validation split; hardly known with two of them
   *[trial] what all trials of one replicate share; hardly known with two of them
}

branch = branch
branch-means = all trials, or those of one { $branch }

retuned = tuned again, re-tuned
retuned-means = every other setting at its best for this value

untuned = untuned
untuned-means = the median over all choices of the other settings

slice = slice
slice-means = every other setting as in the best configuration

common-bar = common bar
common-bar-means = what is good enough for every optimizer alike: a tenth of the way from the best of all to a constant prediction

cap = the cap
cap-means = { $trial ->
    [network] the value that a diverged trial counts with, and no trial counts with more: a constant prediction's
   *[trial] the value that a failed trial counts with, and no trial counts with more
}

diverged-means = { $trial ->
    [network] loss or weights became infinite, or the training loss ended above where it began; such a trial counts with the value of a constant prediction and is never dropped
   *[trial] a trial without a finite result; it counts with the cap and is never dropped
}
