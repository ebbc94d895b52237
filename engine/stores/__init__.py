"""Where results live: run folders on disk. Redis, PostgreSQL and the journal follow with the live parts."""
