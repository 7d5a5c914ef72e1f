"""The staff's pages that export facilities as a sheet and import a sheet."""
