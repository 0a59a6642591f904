"""Her data, for her to take: asked for once a day, put together from every service when she downloads it."""
