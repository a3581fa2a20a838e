# Sections of the page: heading, the question beneath it, how its pictures and tables are read.

question = The question
    .question = What was this sweep made to ask, and what does it say?
    .reading = A difference compares two values, each with everything else tuned for it. A slope is the power with which the best learning rate moves: 0 not at all, 1 in proportion. An interval that includes 0 decides nothing.

ranking = Ranking
    .question = Which settings matter, over the ranges swept?
    .reading = The share of the variance of the result that involves a setting (total effect), and the part that it explains by itself (main effect). A setting that cannot be told from { the-noise } gives no reason to tune it. The dashed line is { $noise ->
        [seed] what the seed alone explains
        [replicate] what the noise alone explains
       *[unknown] noise or misfit
    }, for comparison; it is no threshold.

advice = What to do
    .question = What to tune and what to fix, once everything else is tuned?
    .reading = The ranking says what matters over the whole ranges. Here everything else is tuned again for each value. Tune a setting within its good values. Fix it if it makes no difference, if only one value is good, or if the others can make up for it; then tune those. The cost is what a value chosen blindly loses.

variance = What the variance is made of
    .question = Does a setting act by itself or together with others?
    .reading = Within a bar the shares add up to 100 %. In the matrix the diagonal is what a setting does by itself; a large cell off the diagonal means that the two must be tuned together.

reachable = What can be reached where
    .question = How good does { $trial ->
        [network] training get
       *[trial] the result get
    } at a value, when everything else is tuned for it?
    .reading = Dark cells are good. Compare along a row to see how much a wrong value costs. The ± is the spread of the few runs in a cell and says little by itself. Whether two values differ is for the 95 % intervals in the table to say: they also allow for luck, as the best of many configurations is a little lucky.

tolerance = Tolerance
    .question = How far may a setting miss its best value?
    .reading = Dark: half of all choices of the other settings stay acceptable there, so a rough guess will do even if nothing else is tuned. Pale: at least some choice of the others stays acceptable. Regret is what a value drawn blindly from the range costs on average.

differences = One optimizer against another
    .question = Does one optimizer forgive more, reach more, or get there sooner than another?
    .reading = A difference whose interval includes 0 may be { luck }. Both optimizers met the same weights, order and split in a replicate, so what these do to both is taken off. A place written from 1 to 3 is a tie.

moving-optimum = { $followed ->
    [rate] Where the best learning rate moves
   *[setting] Where the best value moves
}
    .question = Must { $followed ->
        [rate] the learning rate
       *[setting] a setting
    } be tuned again when another setting changes?
    .reading = A line that stays within its bars is no reason to tune again. { $followed ->
        [rate] The slope says how the best rate grows with batch size: 0 not at all, ½ as its square root, 1 in proportion.
       *[setting] The slope says how the best value grows with the other setting: 0 not at all, ½ as its square root, 1 in proportion.
    }

momentum = Learning rate and β
    .question = Are learning rate and β one setting or two?
    .reading = Momentum moves at η/(1−β): along the line that is constant. If the interaction shrinks when the rate is replaced by η/(1−β), β only rescales the rate.

divergence = { $failure ->
        [divergence] Divergence
       *[failure] Failure
    }
    .question = Where { $trial ->
        [network] does training fall off a cliff
       *[trial] do trials fail
    }?
    .reading = The share of all trials with a value that { diverged }, whatever the other settings. Where it is high, a careless choice of the rest ends badly.

tunability = What tuning gains
    .question = What is gained over { $reference ->
        [default] the defaults
       *[reference] a reference
    }, and what does a wrong value cost?
    .reading = Gain: what tuning this setting alone improves on the { $reference ->
        [default] defaults
       *[reference] reference
    }. Cost: what its worst value loses, with everything else at the { $reference ->
        [default] defaults
       *[reference] reference
    } or tuned again.

budget = How many trials are enough
    .question = What does a random search of k trials find?
    .reading = The curve falls steeply where more trials pay and is flat where they do not. Eight of ten searches end inside the band.

among-best = Among the best tenth
    .question = What still matters once the result is good?
    .reading = The same question, asked of the best tenth of the trials only: a setting that rules the whole may hardly matter among the good ones. Compare ranks, not sizes.

noise_sources = Where the noise comes from
    .question = Do { $trial ->
        [network] networks
       *[trial] trials
    } of one configuration differ by their weights, their minibatches or the split?
    .reading = The bars add up to 100 % of the noise. If the split rules, the validation set is small. Weights and order are what training again on the same data changes.

speed = Learning curves and speed
    .question = How fast { $trial ->
        [network] does training get there
       *[trial] do trials get there
    }?
    .reading = Each panel goes through an optimizer's best configuration and changes the learning rate only: too large { $failure ->
        [divergence] diverges
       *[failure] fails
    }, too small is slow. The band spans the replicates.

epochs = Early and late
    .question = Which settings matter early, and which late?
    .reading = The ranking after each { one-epoch }. A share is of the variance at that { one-epoch }. Where it falls, the setting's own effect may have stayed while another's grew.

stability = Is the ranking stable
    .question = Would another { a-seed }, another metric or half the trials give the same order?
    .reading = Kendall's τ compares two orders: 1 is the same order, 0 unrelated. Two halves have no trial in common, so they show what a sweep of half the size is worth.
