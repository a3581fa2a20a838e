# How wide intervals will be.

before = { $name }: { $count ->
        [one] { $count } configuration
       *[other] { $count } configurations
    }. The pilot { $one ->
        [network] trained { $pilot ->
            [one] { $pilot } network
           *[other] { $pilot } networks
        }
       *[trial] ran { $pilot ->
            [one] { $pilot } trial
           *[other] { $pilot } trials
        }
    }. Expected half width of the 95 % interval of each setting's share (total effect), in percentage points:
after = { $name }: { $count ->
        [one] { $count } planned trial
       *[other] { $count } planned trials
    }. { $more } more take about { $time } on { $cores ->
        [one] { $cores } core
       *[other] { $cores } cores
    }. Half width of the 95 % interval of each setting's share (total effect), in percentage points:
setting = setting
share = share
now = now
then = then
replicates = replicates
time = time
between = { $low } to { $high }
doubt = Where there are two numbers, the pilot is too small to tell whether a seed moves settings that lie near each other together; the smaller one is if it does not.
too-narrow = Of networks this is often too narrow: in small sweeps half of what came out, for one setting a tenth; three seeds seldom show what diverges once in many.
never = { $within } for every setting takes more than 10,000 replicates.
enough = { $within } for every setting: { $replicates ->
        [one] { $replicates } replicate
       *[other] { $replicates } replicates
    }{ $levels ->
        [half] { " " }with half the levels of each range
       *[all] { "" }
    }, { $one ->
        [network] { $count ->
            [one] { $count } network
           *[other] { $count } networks
        }
       *[trial] { $count ->
            [one] { $count } trial
           *[other] { $count } trials
        }
    }, about { $time } on { $cores ->
        [one] { $cores } core
       *[other] { $cores } cores
    }.
one-more = One replicate more is { $count ->
        [one] { $count } trial
       *[other] { $count } trials
    }.
next = { $one ->
        [network] { $count ->
            [one] { $count } network
           *[other] { $count } networks
        }
       *[trial] { $count ->
            [one] { $count } trial
           *[other] { $count } trials
        }
    } instead of { $before }. Start it with
next-takes = { $one ->
        [network] { $count ->
            [one] { $count } network
           *[other] { $count } networks
        }
       *[trial] { $count ->
            [one] { $count } trial
           *[other] { $count } trials
        }
    } instead of { $before }: about { $time } on { $cores ->
        [one] { $cores } core
       *[other] { $cores } cores
    }. Start it with
found-in = where { $name } can be found: in { $place }
lasting = { $unit ->
        [second] { $count } { $count ->
            [one] second
           *[other] seconds
        }
        [minute] { $count } { $count ->
            [one] minute
           *[other] minutes
        }
        [hour] { $count } { $count ->
            [one] hour
           *[other] hours
        }
       *[day] { $count } { $count ->
            [one] day
           *[other] days
        }
    }
