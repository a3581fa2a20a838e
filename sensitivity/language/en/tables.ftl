# Tables: what each says, in a line; what it is called; which of its rows the page shows.

trials = Every trial: its settings, its result, whether it diverged.
    .title = Trials
question = What the sweep was made to ask, answered.
    .title = Question
ranking = Settings in order of importance, with what their best and worst values reach.
    .title = Ranking
advice = What to tune, in which range, what to fix, what cannot be judged.
    .title = Advice
best = The configuration with the best mean, and the most forgiving of those as good as it.
    .title = Best
variance_decomposition = How much of the variance each setting explains by itself, together with others, and in all.
    .title = Variance decomposition
    .rows = those of { $whole }
isolation_curves = The best result at each value of a setting, everything else tuned for it.
    .title = Isolation curves
    .rows = those of { $whole }
pairs = The best and the mean result at each pair of values of two settings.
    .title = Pairs
tolerance = How far a setting may miss its best value and still be acceptable, and what a blind one costs.
    .title = Tolerance
    .rows = the same bar for all; the rest tuned again, or untuned
optimizer_comparison = Optimizers side by side: speed, quality, tolerance, failures, tunability.
    .title = Optimizer comparison
optimizer_differences = How much each optimizer forgives, how good it gets and how soon, against every other one.
    .title = Optimizer differences
    .rows = the best by each measure against the others
moving_optimum = Where the best learning rate lies at each value of every other setting.
    .title = Moving optimum
    .rows = against batch size where there is one
moving_optimum_slopes = How fast the best learning rate moves as another setting grows.
    .title = Moving optimum slopes
momentum_rescaling = Whether learning rate and β are one setting, η / (1 − β), or two.
    .title = Momentum rescaling
divergence_by_level = Share of the trials that { diverged } at each value of a setting.
    .title = Divergence by level
    .rows = those of { $whole }
capped_and_survivors = How the ranking would change if { diverged } trials were left out.
    .title = Capped and survivors
    .rows = those of { $whole }
divergence_effects = Which settings decide whether a trial { $failure ->
        [divergence] diverges
       *[failure] fails
    }.
    .title = Divergence effects
    .rows = those of { $whole }
divergence_by_pair = Share of the trials that { diverged } at each pair of values of two settings.
    .title = Divergence by pair
    .rows = where most trials { $failure ->
        [divergence] diverge
       *[failure] fail
    }
tunability = What tuning a setting gains over { $reference ->
        [default] its default
       *[reference] a reference
    }, and what a wrong value costs.
    .title = Tunability
    .rows = those of { $whole }
best_after_k = The best result to expect of k random trials.
    .title = Best after k
    .rows = { $whole }, some k
among_best = Which settings still matter among the best tenth of the trials.
    .title = Among best
    .rows = those of { $whole }
noise_sources = How much of the noise weights, order and split cause, where they were crossed.
    .title = Noise sources
    .rows = those of { $whole }
training_speed = How many { many-epochs } training takes to the target, at each value of a setting.
    .title = Training speed
    .rows = by learning rate
learning_curves = The result { one-epoch } by { one-epoch } at each learning rate, the rest as in the best configuration.
    .title = Learning curves
sensitivity_over_epochs = How much each setting matters after each { one-epoch }.
    .title = Sensitivity over epochs
early_or_late = Which settings matter more early in training, and which late.
    .title = Early or late
    .rows = those of { $whole }
stability = Whether another { a-seed }, another metric or half the trials would give the same ranking.
    .title = Stability
    .rows = those of { $whole }
comparison = The rankings of several runs side by side.
    .title = Comparison

whole = { $optimizers ->
    [yes] all optimizers together
   *[no] all trials
}
first-rows = { $count ->
    [one] the first row
   *[other] the first { $count } rows
}
