# The terminal: tables and how to read them.

setting = setting
effect = effect
total = total
main = main
in-best-configuration = 
    in best
    config.
above-noise = 
    above
    noise?
above = yes
not-above = no
inside = inside
replicate-row = replicate
misfit-row = noise or misfit
noise-row = { $trial ->
    [network] seed (noise)
   *[trial] { $noise ->
        [seed] seed (noise)
       *[other] noise
    }
}
read-main = { $main } main effect: the share of the variance of { $metric } that a setting explains by itself. This plan does not show interactions.
read-total = Shares of the variance of { $metric }: { $main } by itself (main), { $interaction } more together with others (total: both, so totals overlap).
read-interval = [ ]: 95 % interval.
more-places = { $where }; { $count } more
more-notes = { $count ->
    [one] 1 more note: report.html
   *[other] { $count } more notes: report.html
}
read-comparison = Rank of each setting, with its { $kind ->
        [main] main
       *[total] total
    } effect as a share of the variance. It belongs to the ranges and settings that were swept: compare runs that swept the same.
nothing-to-compare = nothing to compare: no run has settings
of-a-surrogate = The shares come from a surrogate, a model fitted to the trials: { $what }.
noise-lives = { The-noise }: { $what }.
noise-has = How the noise is known: { $what }.
noise-unknown = Too little was run twice to know the noise. What is called noise is all that the surrogate does not explain, so it may be a mistake of the surrogate.
