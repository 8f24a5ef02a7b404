"""What every node carries. Only Python's standard library: it runs before and beside everything that people install."""
