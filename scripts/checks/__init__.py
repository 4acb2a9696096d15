"""What this project knows about itself and no common tool checks."""
