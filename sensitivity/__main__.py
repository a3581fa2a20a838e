"""``python -m sensitivity``. Worker processes import this file too, so it does nothing unless it is run."""

if __name__ == "__main__":
    try:
        from sensitivity.commands.cli import main

        main()
    except KeyboardInterrupt:  # before, or after, there is a command that answers it
        import sys

        sys.stderr.write("Interrupted: nothing is lost; give the same command again.\n")
        sys.exit(130)
