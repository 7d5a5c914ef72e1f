"""What the site publishes for programs: open records, HSDS and the downloads made of both."""
