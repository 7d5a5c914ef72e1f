"""What to check next: scored by expected harm, shared out among curators, called and settled."""
