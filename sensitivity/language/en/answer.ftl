# The answer in sentences: what decides, how much that forgives, what is only noise.

and-then = { $first }; { $second }
with-doubt = { $clause }; { $names } may matter more
cannot-say = These trials cannot say which setting matters.
cannot-say-why = These trials cannot say which setting matters: { $reasons }.
cannot-say-first = These trials cannot say which setting matters. As they stand, the largest share of the variance of the { $metric } is { $setting }'s, { $share }; { $gist }.
not-shown = No setting can be shown to move the { $metric }: the largest share of its variance is { $setting }'s, { $share }, { $gist }.
little = No setting matters much: the largest share of the variance of the { $metric } is { $setting }'s, { $share }, { $gist }.
leads = { $setting } { $decides ->
    [yes] decides
   *[no] matters most{ $judged ->
        [all] {""}
       *[some] {" "}of those that can be judged
    }
}: { $share } of the variance of the { $metric } { $kind ->
    [main] is its own (main effect)
   *[total] involves it, { $alone } by itself
}
nothing-else = nothing else is told from { the-noise }
follows = { $setting } follows with { $share }
tied = { $settings } matter most{ $judged ->
    [all] {""}
   *[some] {" "}of those that can be judged
}: { $shares } of the variance of the { $metric } { $kind ->
    [main] are their own (main effect)
   *[total] involve them, { $alone } by themselves
}; the intervals overlap{ $more ->
    [0] {""}
   *[other] {" "}with those of { $more } more
}: which { $count ->
    [2] of the two matters more
   *[other] of them matters most
} is open
inside = Inside { $branch }, { $parts }.
inside-first = { $setting } involves { $share } of the variance
inside-next = { $setting } { $share }
not-judged = Not judged, for want of trials: { $names }.

scatter = { $seeds ->
    [yes] { the-noise }
   *[no] what scatters without a pattern, noise or misfit
}
failed = { $count } of { $left ->
    [yes] the other {""}
   *[no] {""}
}{ $all ->
    [one] 1 trial
   *[other] { $all } trials
} { diverged }
noise-unjudged = Whether a difference is more than { the-noise } cannot be judged here; { $failed }.
not-told = { $names } { $count ->
    [one] is
   *[other] are
} not told from { $scatter } ({ $share } of the variance); { $failed }.
told-all = Over the ranges tried every setting has an effect that is told from { $scatter }, which makes { $share } of the variance; { $failed }.
told-judged = What can be judged is told from { $scatter }, which makes { $share } of the variance; { $failed }.

scale-raw = the { $metric } as it is
scale-log = the { $metric } on a log scale
scale-rank = the ranks of the { $metric }
scale-capped = the { $metric } without its extremes
wide = its values span { $decades } decades
held = { $count } of { $all ->
    [one] 1 trial
   *[other] { $all } trials
} { $count ->
    [one] holds
   *[other] hold
} { $share } of its variance
cut = what is { $side ->
    [above] above
   *[below] below
} { $end } counts as { $end }
scale = Shares are of { $taken }{ $why }{ $cut }{ $asked ->
    [yes] , as told
   *[no] ; --scale raw takes it as it is
}.
scale-why = {" "}({ $reasons })
scale-cut = ; { $cuts }
crossed = { $count } of them with crossed draws
searched = { $count } of them by a search
pruned = besides { $count } pruned and left out
