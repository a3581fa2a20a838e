# What stands in the text file beside each picture.

question = Question: { $question }
tables = Numbers: { $tables }
response = Response: { $metric }, { $better }
lower = lower is better
higher = higher is better
trials = Trials: { $trials ->
    [one] 1 trial
   *[other] { $trials } trials
} of { $configurations ->
    [one] 1 configuration
   *[other] { $configurations } configurations
}
replicates = { $noise ->
    [seed] Seeds: { $replicates ->
        [one] one for each configuration
       *[other] { $replicates } for each configuration (replicates)
    }
   *[other] Replicates: { $replicates ->
        [one] none, each configuration was tried once
       *[other] up to { $replicates } of a configuration
    }
}
seed = Seed of the sweep: { $seed }
one-column = Width: { $millimetres } mm, one column of a paper; smallest letters { $points } pt
two-columns = Width: { $millimetres } mm, two columns of a paper; smallest letters { $points } pt
too-wide = Width: { $millimetres } mm, too wide for the columns of a paper: a page of its own or a poster; smallest letters { $points } pt
version = Made by: sensitivity { $version }

cite = Text to cite this
cited = Figure: { $title }.
