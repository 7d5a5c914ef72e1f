"""What a fact is: which facts a facility has, how they are checked, written and labeled."""
