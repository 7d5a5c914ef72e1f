"""The staff pages that send listings out as a sheet and take a sheet back."""
