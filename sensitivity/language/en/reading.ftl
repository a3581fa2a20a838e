# What is worth knowing of how trials were read.

logarithmic = { $name } runs from { $low } to { $high } and is read on a logarithmic scale; --linear { $name } says otherwise.
grid = The trials are { $lacking ->
        [0] a complete grid
        [one] a grid without { $lacking } configuration
       *[other] a grid without { $lacking } configurations
    }; their values are its levels.
never-varies = { $name } never varies and was left out.
nobody-has = No trial has { $name }.
cut-short = { $count ->
        [one] { $count } FAILED trial was
       *[other] { $count } FAILED trials were
    } left out, ended before all settings were drawn.
maximised = { $metric } is maximised and shown as it was recorded; the column value of trials.csv is −{ $metric }, of which lower is better.
