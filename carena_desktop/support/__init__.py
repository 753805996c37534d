"""What IT looks after the program with: self-test, report, crash records. Stands between app and ui."""
