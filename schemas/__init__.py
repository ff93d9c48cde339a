"""What travels: every record that Vigil reads or writes, as frozen values."""
