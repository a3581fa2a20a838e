"""``python -m sensitivity``. Worker processes import this file too, so it does nothing unless it is run."""

if __name__ == "__main__":
    from sensitivity.commands.cli import main

    main()
