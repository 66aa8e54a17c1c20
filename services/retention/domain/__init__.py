"""What retention decides: values in, decisions out."""
