"""What the browser fetches."""
