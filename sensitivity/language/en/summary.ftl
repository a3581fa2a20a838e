# What a command prints at its end around the first screen and the ranking.

trials = { $count ->
    [one] 1 trial
   *[other] { $count } trials
}
settings = { $count ->
    [one] 1 setting
   *[other] { $count } settings
}
at-most = , { $size } at most each
more-settings = { $count ->
    [one] 1 more setting
   *[other] { $count } more settings
}{ $size }, { $above ->
    [0] none
   *[other] { $above }
} of them above the noise: { $command }
