# What is written on the page itself: headings, hints, questions.

product = sensitivity report
setting = setting
costs = worst value costs
answer = The answer
sections = questions
decides = What decides?
tune = What is left to tune, and between which values?
forgives-rate = Which { $rate } does each { $branch } forgive?
forgives = How far may a setting miss its best value?
sure = How sure is this?
failed = What { diverged }, and where?
when = How fast is it, and what matters early or late?
what-next = What should I run next?
meaning = What do the words mean?
from-where = Where does this come from?
how-to-read = How to read it.
rows-of = { $shown } of { $total } rows
sort = Click a heading to sort.
table = table { $name }
warnings = Warnings
more-warnings = { $count ->
    [one] 1 more warning
   *[other] { $count } more warnings
}
no-warnings = No warning was found. Looked for: too few trials, much that { diverged }, an unbalanced plan, missing replicates and wide intervals, noise that hides the settings, best values at the end of a range, and effects that are mostly interactions.
notes = Notes on the trials
words = Words
of-the-ranges = All shares belong to the ranges that were swept: double the range of a setting and its share grows.
origin = Origin
definition = Definition of the sweep
versions = Versions
again = Make it again
question = How sensitive is the { $metric } to each setting?
fact-trials = trials
fact-configurations = configurations
fact-replicates = replicates
fact-settings = settings
fact-cap = no trial counts { $side ->
    [below] below
   *[above] above
}
quoted = “{ $title }”
left-out = Left out, because these trials have nothing of the kind: { $titles }.
no-picture = No picture of { $name }: { $why }.
again-trials = makes this page again from the recorded trials
again-training = trains everything again, with the definition above saved as sweep.toml
