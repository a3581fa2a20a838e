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
