# The configuration to take, and why.

take = take
chosen-by = chosen by
best-mean = best mean
best-result = the best result
best-mean-of-replicates = the best mean over its replicates
rule-noise-unknown = { $best ->
        [result] the best result
       *[mean] the best mean
    }; what noise does to it is not known
rule-forgiving = the most forgiving of { $count } within one standard error ({ $step }) of { $best ->
        [result] the best result
       *[mean] the best mean
    }
rule-no-neighbours = { $best ->
        [result] the best result
       *[mean] the best mean
    }; { $count } are within one standard error ({ $step }), but none has a neighbour, so which forgives most is not known
rule-alone = { $best ->
        [result] the best result
       *[mean] the best mean
    }; no other is within one standard error ({ $step }){ $failing ->
        [yes] { " " }without failing more often
       *[no] { "" }
    }
allowed-for = not all ran equally often, so easy and hard replicates are allowed for
by-confirm = confirm: the most forgiving within one standard error of the best with fresh seeds
too-good = It was chosen by these very results, so they are too good by some; confirm says how good it is.
good = { $metric } { $value } over { $over ->
        [fresh] { $count ->
            [one] { $count } fresh seed
           *[other] { $count } fresh seeds
        }
        [replicates] { $count ->
            [one] { $count } replicate of the sweep
           *[other] { $count } replicates of the sweep
        }
       *[runs] { $count ->
            [one] { $count } run
           *[other] { $count } runs
        }
    }{ $known ->
        [yes] { "" }
        [lucky] { " " }(these very trials chose it, and its interval allows for that)
       *[no] { " " }(no interval: nothing was run twice)
    }
no-neighbour = it has no neighbour
worst-neighbour = its worst neighbour has { $value }
fitted = { $model } fitted on all { $count } examples{ $rows ->
        [yes] , which predicts from rows as they stand in the data
       *[no] { "" }
    }
chosen = { $good }. Chosen by { $by }.
