"""The confidentiality policy as a pure function: no input, no output, no clock."""
