# Words of ours in the cells of tables.

tune = tune
fix = fix
cannot-be-judged = cannot be judged
set-once = set once
tune-per-dataset = tune per dataset
