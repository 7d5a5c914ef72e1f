"""The API of Open Referral's Human Services Data Specification, at /api/hsds/."""
