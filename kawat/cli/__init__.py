"""The command line: thin shells over one `App`. Data goes to standard output, chatter to standard error.

Exit statuses: 0 fine, 1 failed, 2 usage or configuration, 3 degraded.
"""
