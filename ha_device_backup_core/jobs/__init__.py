"""One job with one handler: its session, its limits, and the checks of what it returns."""
