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
all-empty = { $count ->
    [one] The column { $metric } is empty in the only row: nothing can be compared, and no setting can be judged.
   *[other] The column { $metric } is empty in all { $count } rows: nothing can be compared, and no setting can be judged.
}
no-trials = There are no trials: nothing can be said.
nothing-varies = No setting varies: there is nothing to compare.

tune = tune
fix = fix
unknown = cannot be judged
or-any = { $value }, or any other tried
any-value = any value
not-worse = { $value }; no other is shown to be worse
in-branch = { $where } ({ $branch })
each-its-own = { $where }, each with its own { $names }
and-lower = { $where } and lower
and-higher = { $where } and higher
lowest-best = { $where }: the lowest tried is best
highest-best = { $where }: the highest tried is best
from-to = { $low } to { $high }
not-known = not known yet, best so far { $value }
so-far = { $range }; best so far { $value }
so-far-lowest = { $range }, and lower first: { $value }, the lowest tried, is best so far
so-far-highest = { $range }, and higher first: { $value }, the highest tried, is best so far
open = not known yet; tried { $where }
open-few = not known yet ({ $few }); tried { $where }
few = { $count ->
    [one] only 1 trial
   *[other] only { $count } trials
}
few-with = { $count ->
    [one] 1 trial with { $branch }
   *[other] { $count } trials with { $branch }
}
more-places = { $count } more below
cost-at = { $cost } at { $value }
cost-blind = { $cost } in the mean of all values
cost-most = between 0 and { $high }
cost-untold = { $cost }, not told from { the-noise }
cost-none = none is shown
cost-unknown = not known
rule-good = Good: within { $size } of the best, everything else tuned again.
rule-tune = Tune: a wrong value costs, even with the rest tuned again, and only some are good.
rule-fix = Fix: one value is best, or none is shown to be worse.
rule-unknown = Cannot be judged: why stands under “How sure”.
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
within = { $result }. One of { $count } that are as good as the best within one standard error; of these its neighbours do best.
alone = No other is within one standard error of it, so it is also the most forgiving.
also-forgiving = The best one is also the most forgiving: of the { $count } that are as good within one standard error, its neighbours do best.
none-known = How forgiving it is cannot be weighed: nothing was run twice, so nothing says what is as good.
no-neighbours = How forgiving it is cannot be weighed: no configuration differs from it in one number alone, so nothing says what one step away costs.

sure = How sure
counts = { $trials ->
    [one] 1 trial
   *[other] { $trials } trials
}{ $searched ->
    [0] ,
   *[other] :
} { $configurations ->
    [one] 1 configuration
   *[other] { $configurations } configurations
}, { $replicates ->
    [one] each run once
   *[other] { $most ->
        [yes] at most { $replicates } runs of each
       *[no] { $replicates } runs of each
    }
}{ $searched ->
    [0] {""}
   *[other] , and { $searched } by a search
}; { $failed ->
    [0] none { diverged }
   *[other] { $failed } { diverged }
}.
not-above = Not above { the-noise }: { $names }.
not-judged = { $names }: { $reason }.
not-judged-where = Which values of { $names } are good: { $reason }.
left-out = { $count ->
    [one] 1 more failed, or has no result, and is left out.
   *[other] { $count } more failed, or have no result, and are left out.
}
look-failed = { $count ->
    [one] 1 looks like a failed one.
   *[other] { $count } look like failed ones.
}
lucky = The best of { $count } configurations is lucky in part: expect worse, as its interval allows.
lucky-once = The best of { $count } single runs is lucky: expect worse.
caution = Caution
no-caution = No warning was found.

next = Run next
zoom = The next sweep: { $parts }:
zoom-finer = { $names } finer
zoom-wider = { $names } wider where the best is at the end
zoom-chosen = the good values of { $names }
zoom-kept = { $names } as tried
zoom-rest = the rest fixed
draw = More trials, drawn as the rows above say. As code for Optuna:
confirm = The best few again with fresh seeds, to see what was luck:
more = More trials: draw some thirty at random as the rows above say, wider where the best is at the end; or run each configuration again. As code for Optuna:
more-planned = What 400 more trials would let you judge:
again = Nothing is left to tune. Run the best few again, to see what was luck; then:
mend = See what the trials said as they failed; then narrow the ranges, or mend the program, and run a few again.
mend-levels = See at which values they failed; then narrow the ranges, or mend the program, and run a few again:
mend-column = See why each failed; then narrow the ranges and run again:
name-metric = If the result stands in another column, name that with --metric. If all failed, narrow the ranges, or mend the program, and run a few again.
start = Run some trials with at least two values of a setting.
