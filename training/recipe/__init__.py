"""The recipe of the built-in cross-encoder, and of one that is fine-tuned on a user's judgments."""
