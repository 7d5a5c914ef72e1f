"""The staff pages of update links and of what facilities propose."""
