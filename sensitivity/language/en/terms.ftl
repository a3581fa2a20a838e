# What messages of every room may refer to. Each chooses by the voice: what kind of trials are spoken of.

the-noise = { $noise ->
    [seed] the noise of the seed
   *[other] the noise
}
noise = { $noise ->
    [seed] noise of the seed
    [replicate] noise
   *[unknown] noise or misfit
}
diverged = { $failure ->
    [divergence] diverged
   *[failure] failed
}
# What a stranger's trials have instead of seeds: replicates; of nothing but single trials: nothing.
a-seed = { $trial ->
    [network] seed
   *[trial] { $noise ->
        [seed] seed
       *[other] replicate
    }
}
one-epoch = { $progress ->
    [epoch] epoch
   *[step] step
}
many-epochs = { $progress ->
    [epoch] epochs
   *[step] steps
}
luck = { $trial ->
    [network] the luck of the seed
   *[trial] { $noise ->
        [seed] the luck of the seed
       *[other] luck
    }
}
diverges = { $failure ->
    [divergence] diverges
   *[failure] fails
}
default = { $reference ->
    [default] default
   *[reference] reference
}
# The same of single trials: networks have a seed all the same.
one-seed = { $trial ->
    [network] seed
   *[trial] { a-seed }
}
many-seeds = { $trial ->
    [network] seeds
   *[trial] { $noise ->
        [seed] seeds
       *[other] replicates
    }
}
# Names one after the other.
two = { $first }, { $second }
two-and = { $first } and { $second }
two-or = { $first } or { $second }
two-with = { $first } with { $second }
and-more = { $first } and { $count } more
The-noise = { $noise ->
    [seed] The noise of the seed
   *[other] The noise
}
two-conditions = { $first } and { $second }
span = { $low } to { $high }
