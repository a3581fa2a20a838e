# Words of ours in the cells of tables.

tune = tune
fix = fix
cannot-be-judged = cannot be judged
