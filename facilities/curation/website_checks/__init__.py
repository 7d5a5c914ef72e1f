"""Whether facilities' websites still answer, asked politely; no public fact rests on it."""
