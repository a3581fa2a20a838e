# How much of a setting is forgiven, and with which optimizer most.

unknown = How far a setting may miss its best value cannot be said from these trials.
no-matter = Nothing shows that it matters which value { $setting } has, everything else tuned again.
bar-value = at { $bar } or better
bar-median = within { $share } of the way from the best to the median
width-decades = { $least ->
    [yes] at least {""}
   *[no] {""}
}{ $number } decades{ $whole ->
    [yes] {" "}(the whole range)
   *[no] {""}
}
width-share = { $least ->
    [yes] at least {""}
   *[no] {""}
}{ $number } of the range
width-whole = the whole range
keeps = { $width } of { $setting } keep the { $metric } { $bar }{ $rest ->
    [tuned] , everything else tuned again
    [both] {" "}in the mean of both choices of the other settings
    [half] {" "}for half of all choices of the other settings
   *[nothing] {""}
}
keeps-nowhere = with no optimizer does { $setting } keep the { $metric } { $bar }{ $rest ->
    [tuned] , everything else tuned again
    [both] {" "}in the mean of both choices of the other settings
    [half] {" "}for half of all choices of the other settings
   *[nothing] {""}
}, anywhere in its range
good-values = { $kept }: { $values }.
no-optimizer-judged = No optimizer has the trials to say how much of { $setting } it forgives
few-trials = { $name } is { $why }
every = with every optimizer { $kept }
of-one = with { $names }, { $kept }
cut = with { $names }, { $kept }, cut at both ends by the range and so not ranked
alike = no optimizer can be shown to forgive more than another: with { $first }, { $kept }; with { $last }, { $width }{ $known ->
    [yes] {""}
   *[no] {" "}(their difference has no interval)
}
more-of-two = { $most } forgives more than { $least }: { $kept }, against { $width } with { $least }
most-one = { $names } forgives most{ $cut ->
    [yes] {" "}as far as the range shows
   *[no] {""}
}: { $kept }
most-several = { $names } forgive most; they cannot be told apart: with { $first }, { $kept }
perhaps-as-much = { $names }, cut by the range, may forgive as much
least-one = { $names } forgives least, { $width }
least-several = { $names } forgive least, { $width } with { $last }
never = { $name } never comes within the tolerance of the best
perhaps-never = whether { $name } comes within the tolerance of the best cannot be told
flat = { $clause }, { $flat }
with-width = { $width } with { $name }
retuned = With everything else tuned again it is { $first } and { $last }.
