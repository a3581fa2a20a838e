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
read-total = Share of the variance of { $metric }: { $main } what a setting explains by itself (main effect), { $interaction } what it adds together with others (total = both). Interactions count for each partner, so totals may add up to more than 100 %. In best config.: the setting's value in the configuration with the best mean.
read-interval = In brackets: 95 % interval.
read-comparison = Rank of each setting, with its { $kind ->
        [main] main
       *[total] total
    } effect as a share of the variance. It belongs to the ranges and settings that a run swept: compare runs that swept the same.
nothing-to-compare = nothing to compare: no run has settings
of-a-surrogate = The shares come from a surrogate: { $what }.
noise-lives = { The-noise }: { $what }.
noise-has = The noise has { $what }.
noise-unknown = Too little was run twice to know the noise: it is all that a surrogate does not explain, and may be what that misses.
