# How far a sweep is, and where its results lie.

complete = Already complete: { $count } trials.
going-on = Going on after { $count } recorded trials.
open-it = open it in a browser
trials = { $done }/{ $all } trials
left = { $time } left
diverged-so-far = { $count } diverged
trained-here = { $count } trained here: { $diverged }
failed = { $count } failed
best = best { $value }
pictures = { $count ->
        [one] { $count } picture
       *[other] { $count } pictures
    }, as PNG, SVG and PDF
tables = { $count } tables; begin with ranking.csv
drawing = drawing
images = PNG and PDF files
measuring = measuring
loading = Loading { $name }.
cluster-unused = Note: nothing is left to train, so --cluster is not used.
printed = what the function printed
planned = { $count } { $what ->
        [networks] networks
       *[trials] trials
    } planned ({ $design }){ $search ->
        [0] { "" }
       *[other] { " " }and { $search } searched
    }
trained-by = trained by { $engine }
no-search = Note: search_sampler = "{ $sampler }" changes nothing without a search (search = 0).
note = Note: { $note }
epochs-on = { $epochs } epochs on { $data }{ $classes ->
    [all] {""}
   *[other] {" "}(classes { $classes })
}
objective = objective { $name }
never-active = { $name } is not varied: no configuration of this sweep has it.
nothing-begun = nothing was begun; give the same command again.
nothing-recorded = no trial is recorded yet; { $folder } holds the definition. Go on with: { $command }
kept = what was recorded is kept in { $folder }. Go on with: { $command }
recorded = { $done } of { $all } trials are recorded. Go on with: { $command }
trainings-recorded = { $done } of { $all } trainings are recorded. Go on with: { $command }
others-go-on = the others go on. Join again with: { $command }
trained-kept = what was trained is recorded; the same command goes on.
nothing-lost = nothing is lost; give the same command again.
compiling = compiling the networks' training, once on this machine: some 20 s
compiling-each = each process compiles the networks' training for itself, some 20 s: no folder can be written to keep it; name one in NUMBA_CACHE_DIR, or give --engine numpy
