"""The commands of `clerk`, a file a group."""
