"""The Amcrest and Dahua family."""
