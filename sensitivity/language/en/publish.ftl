# What stands under a table that goes elsewhere.

note = { $summary }. { $metric }; { $trials ->
    [one] 1 trial
   *[other] { $trials } trials
}, { $noise ->
    [seed] { $replicates ->
        [one] one seed
       *[other] { $replicates } seeds
    } for each configuration
   *[other] { $replicates ->
        [one] each configuration once
       *[other] up to { $replicates } replicates of a configuration
    }
}. In brackets: 95 % intervals. Computed by sensitivity { $version }.
unknown = { $summary }. In brackets: 95 % intervals. Computed by sensitivity { $version }.
