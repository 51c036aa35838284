"""`python -m tryon`: the command line, where the script is not on the PATH."""

from tryon.cli import main

if __name__ == "__main__":
    main()
