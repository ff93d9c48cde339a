"""Reading people's words into facts with evidence."""
