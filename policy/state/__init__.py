"""What is kept of a person: parts, each bounded in size, each with the time at which it is to be looked at again."""
