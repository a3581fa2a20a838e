# Sections of the page: heading, the question beneath it, how its pictures and tables are read.

question = The question
    .question = What was this sweep made to ask, and what does it say?
    .reading = A difference is what a level reaches less what the other does, each with everything else tuned again; a slope is the power with which the best learning rate moves. An interval that holds 0 decides nothing.

ranking = Ranking
    .question = Which settings matter, over the ranges swept?
    .reading = The share of the variance of the result that involves a setting (total effect), and the part that it explains by itself (main effect). What cannot be told from { the-noise } gives no reason to tune it. The dashed line is { $noise ->
        [seed] what the seed alone explains; it is
        [replicate] what the noise alone explains; it is
       *[unknown] noise or misfit; it is
    } no threshold.

advice = What to do
    .question = What is left to gain once the others are tuned: what to tune, what to fix?
    .reading = The ranking says what matters over the ranges swept; here the others are tuned again. Tune within the good values; fix what makes no difference, has a single good choice, or is made up for by the others: then tune these. The cost is what a value chosen blindly loses, everything else tuned again.

variance = What the variance is made of
    .question = Does a setting act by itself or together with others, and for which optimizer?
    .reading = Within a bar the shares add up to 100 %. In the matrix the diagonal is what a setting does by itself; a large cell off the diagonal means that the two must be tuned together.

reachable = What can be reached where
    .question = How good does training get at a value, when everything else is tuned for it?
    .reading = Dark cells are good. Compare along a row for how much a wrong value costs. The ± is the scatter of a cell's few replicates and says little by itself: whether two values differ is for the 95 % intervals to say, in the table and pale in the pair matrix. They also allow for luck: the best of many configurations is a little lucky.

tolerance = Tolerance
    .question = How far may a setting miss its best value?
    .reading = Dark: where half of all choices of the other settings stay good, so that a rough guess will do even if nothing else is tuned. Pale: where some choice of the others stays good. Regret is what a value drawn blindly from the range costs on average.

differences = One optimizer against another
    .question = Does one optimizer forgive more, reach more, or get there sooner than another?
    .reading = A difference whose interval holds 0 may be { luck }. Replicates share weights, order and split, so what they do to both optimizers is taken off. A place from 1 to 3 is a tie.

moving-optimum = Where the best learning rate moves
    .question = Must the learning rate be tuned again when another setting changes?
    .reading = A line that stays within its bars is no reason to tune again. The slope says how the best rate grows with batch size: 0 not at all, ½ as its square root, 1 in proportion.

momentum = Learning rate and β
    .question = Are learning rate and β one setting or two?
    .reading = Momentum moves at η/(1−β): along the line that is constant. If the interaction shrinks when the rate is replaced by η/(1−β), β only rescales the rate.

divergence = { $failure ->
        [divergence] Divergence
       *[failure] Failure
    }
    .question = Where does training fall off a cliff?
    .reading = The share of all trials at a place that { diverged }, whatever the other settings: a place with many is one where a careless choice of the rest ends badly.

tunability = What tuning gains
    .question = What is gained over { $reference ->
        [default] the defaults
       *[reference] a reference
    }, and what does a wrong value cost?
    .reading = Gain: what tuning this setting alone improves on the { $reference ->
        [default] default
       *[reference] reference
    } configuration. Cost: its worst value, with everything else at its { $reference ->
        [default] default
       *[reference] reference
    } or tuned again.

budget = How many trials are enough
    .question = What does a random search of k trials find?
    .reading = The curve falls steeply where more trials pay and is flat where they do not. Eight of ten searches end inside the band.

among-best = Among the best tenth
    .question = What still matters once the result is good?
    .reading = The same question asked of the best tenth only: a setting that rules the whole may hardly matter among the good. Compare ranks, not sizes.

noise_sources = Where the noise comes from
    .question = Do { $trial ->
        [network] networks
       *[trial] trials
    } of one configuration differ by their weights, their minibatches or the split?
    .reading = The bars add up to 100 % of the noise. A split that rules says that the validation set is small; weights and order are what training again on the same data changes.

speed = Learning curves and speed
    .question = How fast does training get there?
    .reading = Each panel goes through an optimizer's best configuration and changes the learning rate only: too large { $failure ->
        [divergence] diverges
       *[failure] fails
    }, too small is slow. The band spans the replicates.

epochs = Early and late
    .question = Which settings matter early in training, and which late?
    .reading = The ranking after each { one-epoch }. Shares are of the variance at that { one-epoch }: one that falls may belong to a setting whose effect stays while another's grows.

stability = Is the ranking stable
    .question = Would another { a-seed }, another metric or half the trials give the same order?
    .reading = Kendall's τ: 1 is the same order, 0 none. Halves have no trial in common, so they show what a sweep of half the size is worth.
