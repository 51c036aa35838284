"""Everything that makes `models/*.tflite`: data sets, augmentation, losses, metrics, fit, export."""
