# What a study shows of itself in a notebook.

facts = { $metric }, { $better }; { $trials ->
    [one] 1 trial
   *[other] { $trials } trials
} of { $configurations ->
    [one] 1 configuration
   *[other] { $configurations } configurations
}, { $noise ->
    [seed] { $replicates ->
        [one] one seed each
       *[other] { $replicates } seeds each
    }
   *[other] { $replicates ->
        [one] each tried once
       *[other] tried up to { $replicates } times
    }
}
setting = setting
share = share of the variance
best = in the best configuration
sure = how sure
more = and { $count ->
    [one] one more setting
   *[other] { $count } more settings
}
marks = Pale: total effect, with every interaction. Solid: main effect. Line and brackets: 95 % intervals. Shares belong to the ranges swept.
seed-alone = { $noise ->
    [seed] The seed alone explains { $share }.
   *[other] Noise, or what the model misses, explains { $share }.
}
no-ranking = The settings cannot be ranked: { $reason }.
no-setting = No setting varies.
tables = { $count ->
    [one] 1 table, a DataFrame by name:
   *[other] { $count } tables, a DataFrame each by name:
}
page = The page: { $page }
next = sensitivity.report(study, "out") writes the page; sensitivity.draw(study, "ranking", ax=ax) draws a picture.
