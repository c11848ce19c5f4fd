"""What the Makefile calls: shell scripts without an ending, and modules that run as `python -m scripts.<name>`."""
