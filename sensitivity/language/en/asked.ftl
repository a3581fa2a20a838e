# What the sweep was made to ask, answered.

moved = { $level } { $way ->
    [lower] lowers
   *[higher] raises
} the { $metric } by { $size }
alike = { $names } cannot be told from it
compared = Asked: { $setting }. Against { $against }, all else tuned again{ $cost }: { $parts }.
cost = , { $cost } evaluations a training
costs = , evaluations a training: { $costs }
moves = The best learning rate moves as { $over } to the power of { $powers }.
stays = No move can be shown: power of { $over } { $powers }.
followed = Asked: { $setting }. { $parts }
together = all together
