"""The image, the Compose stack and the pods: their files, and real containers of them."""
