# As what trials were read, and a first look at them.

first-look = first look
first-look-at = first look at { $count } of some { $all } trials:
by-itself = by itself, a setting explains of the variance: { $shares }; interactions and noise follow
settings = settings
no-settings = none
result = result
replicates = replicates
taken-as = taken as
left-out = left out
otherwise = otherwise
better = { $metric }, { $better ->
        [higher] higher
       *[lower] lower
    } is better
setting = { $scale ->
        [names] names
        [list] list
        [log] log
       *[linear] linear
    }, { $count ->
        [one] { $count } value
       *[other] { $count } values
    }
where = where { $conditions }
condition = { $name } is { $levels }
more = { $count } more
no-replicates = none: every configuration was run once, so the noise between repetitions is not known
folds = the { $count } folds ({ $first }, …)
up-to = up to { $count } of a configuration
branches-by = branches by { $name }
rate = learning rate: { $name }
in-doubt = in doubt, so not ranked
no-name = (no name)
why-empty = empty
why-constant = never varies
why-identity = says which row it is
why-state = says how the trial ended
why-clock = time or resources
why-result = another result
why-compound = made up of other settings
why-twin = goes one to one with another setting
why-format = no setting by its place in the file
why-budget = how much a trial was given
why-ignored = as told
by-name = by its name
as-told = as told
by-study = as the study says
