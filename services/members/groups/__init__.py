"""The cohort or event from which a woman was invited, shared by her consent alone."""
