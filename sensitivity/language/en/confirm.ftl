# The best few again with fresh seeds.

begin = { $count } configurations × { $seeds } fresh seeds
trials = trials
only-one = A is the only candidate.
best = Best with { $count ->
        [one] { $count } fresh seed
       *[other] { $count } fresh seeds
    }: A, { $which ->
        [both] better than { $beaten }; not to be told from { $tied }
        [sure] better than { $beaten }
       *[unsure] not to be told from { $tied }
    } (differences paired by seed, 95 % for all pairs together).
take-other = Take { $name }: within one standard error of A, and more forgiving: its worst neighbour in the sweep has { $worst }, { $known ->
        [yes] A's has { $beside }
       *[no] A has none
    }.
take-a-failing = Take A: { $near } diverged or failed with more of the seeds, and no other is within one standard error of it.
take-a-alone = Take A: no other is within one standard error of it.
take-a-unjudged = Take A: of those within one standard error none has a neighbour to judge by.
take-a = Take A: it is also the most forgiving within one standard error; its worst neighbour in the sweep has { $worst }.
curse = Winner's curse: with fresh seeds { $count ->
        [one] the best of the sweep loses
       *[other] the best { $count } of the sweep lose
    } { $size }{ $against ->
        [default] { " " }more than the default, which nobody chose by its result and which moves by { $moved }
       *[nothing] { "" }
    }; { $verdict ->
        [measurable] measurable
        [better] so none is measurable: with fresh seeds it is better
       *[small] too small to be measured with { $seeds ->
            [one] { $seeds } fresh seed
           *[other] { $seeds } fresh seeds
        }
    }.
left-out = { $which } gave no result with { $count } of { $seeds ->
        [one] { $seeds } fresh seed
       *[other] { $seeds } fresh seeds
    }: { $how }; it is left out.
is = is
in-the-sweep = 
    in the
    sweep
confirmed = 
    confirmed
    (95 %, all
    together)
worse = 
    worse than
    in the sweep
behind = 
    behind A
    (paired)
title = { $name }: { $metric }, with seeds the sweep never used
take = take
