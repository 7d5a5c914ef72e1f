"""HTTP plumbing that pages share: context, middleware, decorators, public forms, errors."""
