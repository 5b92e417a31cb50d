namespace iwamtrace {}
