# Cautions: what a reader of the tables must be warned of.

no-trials = There are no trials: nothing can be judged.
more = … and { $count } more warnings: { $kinds }.
about-copies = { $count } about results taken as settings
about-trials = { $count } about the number of trials
about-divergence = { $count } about { $failure ->
        [divergence] divergence
       *[failure] failure
    }
about-balance = { $count } about the plan
about-replicates = { $count } about replicates
about-noise = { $count } about noise
about-edge = { $count } about best values at the end of a range
about-stability = { $count } about the stability of the ranking
about-gains = { $count } about what tuning gains
about-interaction = { $count } about interactions
nothing-varies = No setting varies: there is nothing to compare.
pruned = { $count } of { $all ->
        [one] { $all } trial
       *[other] { $all } trials
    } were pruned and left out: how they would have ended is unknown. What is left are the better ones, so what does harm shows too little.
few-trials = There { $count ->
        [one] is only { $count } trial
       *[other] are only { $count } trials
    }: too few to judge by.
uneven = The trials are not spread evenly over the ranges (an adaptive sampler, or a plan cut short). Shares are computed as if they were, and are rough; values of a setting are compared by trials that differ in other settings too. Some thirty more trials at random let shares be judged.
missing = { $count ->
        [one] { $count } configuration
       *[other] { $count } configurations
    } of the grid's { $all } { $why ->
        [never] { $never ->
            [one] was
           *[other] were
        } never run
        [failed] { $failed ->
            [one] has
           *[other] have
        } no result, as every call failed
       *[both] have no result ({ $failed } failed in every call, { $never ->
            [one] { $never } was
           *[other] { $never } were
        } never run)
    }
gaps-exact = { $missing }. Their results are predicted from the others, and intervals are wider by what the prediction may miss.
gaps = { $missing }. So shares come from a surrogate, a model fitted to the trials, and values of a setting are compared by trials that differ in other settings too.
never-run = Only { $count } of the { $all } configurations of the grid were run. So shares come from a surrogate, a model fitted to the trials, and values of a setting are compared by trials that differ in other settings too.
fewer-replicates = { $count ->
        [one] { $count } configuration of { $all } has
       *[other] { $count } configurations of { $all } have
    } fewer replicates than the others ({ $least } instead of { $most }): their means are less certain{ $exact ->
        [yes] .
       *[no] , and shares come from a surrogate instead of exact sums.
    }
few-repeated = Only { $count } of { $all ->
        [one] { $all } configuration
       *[other] { $all } configurations
    } { $count ->
        [one] was
       *[other] were
    } run twice or more: { the-noise } is known from these alone, so small differences may be luck. Run every configuration with two { many-seeds } or more.
nothing-twice = No configuration was run twice, so { the-noise } cannot be known and small differences may be luck. Run every configuration with two { many-seeds } or more.
nothing-twice-but-smooth = No configuration was run twice. The noise is estimated from how smooth the result is along { $along }, and small differences may be luck. Run every configuration with two { many-seeds } or more.
nothing-twice-but-interactions = No configuration was run twice. What only many settings together would explain is taken for noise, and small differences may be luck. Run every configuration with two { many-seeds } or more.
wide = The intervals are wide: that of { $name } spans { $width } of the variance. More replicates or configurations narrow it.
noise-hardly-known = { The-noise } is hardly known: its share of the variance lies in [{ $low }, { $high }] %. Run more configurations twice, or more replicates.
noise-or-misfit = No setting explains { $share } of the variance, and nothing tells what that is. If it is noise, a single trial says little about its configuration. If the surrogate misses effects, total effects are larger than they read.
much-noise = { $known ->
        [yes] { $noise ->
            [seed] The seed alone explains
           *[other] The noise alone explains
        }
       *[no] No setting explains
    } { $share } of the variance: a single trial says little about its configuration; compare means over several { many-seeds }.
lack-of-fit = The surrogate that the shares come from misses { $share } of the variance. That belongs to some setting or interaction, so total effects may be larger than they read.
depends = { $name }: most of its effect ({ $part } of { $total }) depends on the other settings. Choose them together, or fix it and then tune them.
partner = Largest partner: { $name } ({ $share }).
depends-part = { $name } ({ $part } of { $total })
depend-as-well = Most of the effect depends on other settings for { $names } as well.
copy = { $name } goes with the result almost one to one (rank correlation { $correlation }): it is probably another result, not a setting; leave it out with --ignore { $quoted }.
all-diverged = All { $count ->
        [one] { $count } trial
       *[other] { $count } trials
    } { diverged }: no setting can be judged.
much-diverged = { $share } of the trials { diverged } ({ $count } of { $all }). All of them count with the same value, so a good part of every effect is about what { diverges }, not about how good the rest is.
level-diverged = Every trial with { $name } at { $levels } { diverged }: narrow the range, or most of this effect is that they { $failure ->
        [divergence] diverge
       *[failure] fail
    }.
rose = The training loss of { $count ->
        [one] { $count } trial
       *[other] { $count } trials
    } ended above its start although their { $metric } is better than a constant guess's, { $median } in the median: such a { $trial ->
        [network] network
       *[trial] trial
    } is very sure where it is wrong. They count with their own value.
unsettled = The ranking is not settled. With half of the { $of } each, two halves name the same first setting in only { $share } of the splits. More trials or replicates would settle it.
first-settled = The first setting is settled; the order of the first three would not be with half of the { $of }. Two halves agree on it in { $share } of the splits, and with all of them intervals overlap.
no-gain = { $known ->
        [yes] This tool’s defaults, or the nearest values tried
       *[no] The middle of each range{ $named ->
            [yes] {" "}or list of names
           *[no] {""}
        }
    } ({ $defaults }) may already do: tuning everything gains { $size } over { $known ->
        [yes] them
       *[no] it
    }, which may be nothing. “Tune” says where to look if you tune.
far = { $count } of { $all } results ({ $same ->
        [yes] { $worst }
       *[no] { $worst } to { $nearest }
    }) are far from all others ({ $others } at { $side }): they look like failed { $trial ->
        [network] trainings
       *[trial] trials
    }.
far-at = { $name } { $levels }
far-where = They are all those with { $where }.
far-cap = With --cap { $cap } they count no worse than the worst of the others.
edge = The best { edge-what }, so the optimum may lie beyond; widen the range.
edge-what = { $name } is { $best }, { $place ->
        [last] the
       *[near] among the
    } { $end } tried
edge-two = { $first }, and the best { $second }
edge-idle = The best { $what }; but with the rest tuned every value tried comes within the tolerance of the best, so there is little to gain beyond.
edge-alone = Of the values of { $name } tried only the { $end }, { $best }, is good: fix it there, or widen the range, as the optimum may lie beyond.
edge-optimizers = { $count } of { $all } optimizers
edge-of = For { $who } the best { $name } is the { $end } tried, so the optimum may lie beyond; widen the range.
