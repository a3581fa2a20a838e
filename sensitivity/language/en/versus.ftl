# versus: what the rows say.

same = With the same other settings
own = Each at its own best
often = { $where }, { $one } is better than { $other } in { $share } % of pairs [{ $low }, { $high }]
alone = { $where }, { $one } is better than { $other } in { $share } % of pairs; one replicate gives no interval.
untold = { $often }; the mean difference cannot be told from nought.
told = { $often }; on average { $better } is better.
