"""Networks (Keras), one a file, and their exported `.tflite` with the card beside."""
