"""What is lost and what visitors see when parts of an installation are killed: ``make faults``."""
