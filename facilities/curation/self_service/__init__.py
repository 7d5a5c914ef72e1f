"""What a facility tells of itself: through a link made for it alone, proposed or good for hours."""
