"""What manage.py uses. Standard library only: it runs before anything is installed."""
