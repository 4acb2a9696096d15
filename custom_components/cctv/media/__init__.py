"""What devices and people have is made into what players and speakers take, by PyAV."""
