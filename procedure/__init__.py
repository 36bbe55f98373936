"""The procedure itself: cycle, typed fields, checks, stages, calendar. Pure: no I/O, no clock."""
