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
    }, as PNG and SVG
tables = { $count } tables; begin with ranking.csv
drawing = drawing
images = PNG files
measuring = measuring
