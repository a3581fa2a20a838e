"""The version, its year and who made it, which stand here and nowhere else."""

__version__ = "0.1.0"
YEAR = 2026  # of this version
AUTHORS = "The sensitivity developers"
