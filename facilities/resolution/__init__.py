"""What is shown of a facility, computed from what files state and what people verified."""
