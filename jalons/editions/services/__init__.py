"""What is written of editions: asked, made, published; their words; their readers."""
