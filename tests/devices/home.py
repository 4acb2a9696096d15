"""Names of the sample house, for the runner's tests."""

MOTION = "camera.1:motion"
SWITCH = "camera.1:motion_detection"
NUMBER = "camera.1:motion_sensitivity"
READS = ("read channels", "read states", "read settings", "read survey")
