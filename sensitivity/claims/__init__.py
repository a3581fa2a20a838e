"""The claims of study notes about optimizers, each put to the test by trainings.

``arms``        what is trained: one optimizer or network, eleven rates, eight replicates, seven datasets
``trainings``   trains them, each arm on each dataset an ordinary sweep that goes on where it stopped
``world``       one dataset's trainings in the units of the protocol
``claim``       what a claim is: its parts, each a number per dataset and a rule
``ledger``      the list of claims; their families lie beside it
``verdicts``    estimates, intervals and verdicts, one by one and all together
``writing``     tables, forest plots and the page
"""
