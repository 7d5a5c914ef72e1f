"""Facilities as Open Referral's Human Services Data Specification (HSDS) names things.

The modules map open records to plain dictionaries and read no database; the API and the
downloads share them. ``profile.py`` says how a facility becomes a service, and what deviates.
"""

VERSION = "3.1"
