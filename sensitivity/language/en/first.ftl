# The first screen: what decides, what to tune and to fix, what is best, how sure that is, what to run next.

decides = { $setting } decides: { $share } of the variance of the { $metric } involves it
matters = { $setting } matters most: { $share } of the variance of the { $metric } involves it
follows = { $lead }; { $setting } follows with { $share }.
tied = { $lead }. Which matters more is open: it cannot be told from { $others }.
with-share = { $setting } ({ $share })
cannot-say = These trials cannot say which setting matters. As they stand, { $setting } comes first: { $share } of the variance of the { $metric }.
cannot-say-any = These trials cannot say which setting matters.
not-shown = No setting can be shown to move the { $metric }: the largest share of its variance is { $setting }’s, { $share }.
little = No setting matters much: the largest share of the variance of the { $metric } is { $setting }’s, { $share }.
all-failed = { $count ->
    [one] The only trial { diverged }: nothing can be compared, and no setting can be judged.
   *[other] All { $count } trials { diverged }: nothing can be compared, and no setting can be judged.
}
no-trials = There are no trials: nothing can be said.
nothing-varies = No setting varies: there is nothing to compare.

tune = tune
fix = fix
unknown = cannot be judged
or-any = { $value }, or any other tried
any-value = any value
in-branch = { $where } ({ $branch })
beyond-low = { $where }, and lower: the best is the lowest tried
beyond-high = { $where }, and higher: the best is the highest tried
so-far = best so far { $value }
more-places = { $count } more below
cost-at = { $cost } at { $value }
cost-open = between 0 and { $high } at { $value }
cost-unknown = not known
rows-more = { $count ->
    [one] 1 more setting is below.
   *[other] { $count } more settings are below.
}

head-decision = what to do
head-where = between, or at
head-share = share of the variance
head-cost = what the worst value costs

best-of-means = Best configuration
best-of-singles = Best single trial
only-trial = The only trial
forgiving = Most forgiving
tied-best = one of { $count } equal ones
of-replicates = { $metric } { $value }, mean of { $count } { $noise ->
    [seed] seeds
   *[other] runs
}
of-single = { $metric } { $value }, one run, so without an interval
neighbour = worst neighbour { $value }
within = { $result }. Of the { $count } within one standard error of the best, its neighbours are best.
alone = No other is within one standard error of it, so it is also the most forgiving.
also-forgiving = The best one is also the most forgiving: of the { $count } within one standard error of it, its neighbours are best.
none-known = How forgiving it is cannot be weighed: nothing was run twice, so nothing says what is as good.

sure = How sure
counts = { $trials ->
    [one] 1 trial
   *[other] { $trials } trials
}, { $configurations ->
    [one] 1 configuration
   *[other] { $configurations } configurations
}, { $replicates ->
    [one] each run once
   *[other] at most { $replicates } runs of each
}; { $failed ->
    [0] none { diverged }
   *[other] { $failed } { diverged }
}.
not-above = Not above { the-noise }: { $names }.
not-judged = { $names }: { $reason }.
lucky = The best of { $count } configurations is lucky in part: expect a little worse.
lucky-once = The best of { $count } single runs is lucky: expect worse.
caution = Caution
no-caution = No warning was found.

next = Run next
zoom = What is to be tuned, finer; what is to be fixed, fixed:
confirm = The best few again with fresh seeds, to see what was luck:
more = More trials: some thirty at random over the ranges, or every configuration a second time, let settings be judged. Then:
more-planned = What 400 more trials would let you judge:
again = Nothing is left to tune. Run the best few again, to see what was luck; then:
mend = See what the trials said as they failed; then narrow the ranges, or mend the program, and run a few again.
mend-column = See why each failed; then narrow the ranges and run again:
start = Run some trials with at least two values of a setting.
