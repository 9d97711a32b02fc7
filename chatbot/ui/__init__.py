"""The chat window of residents, in Gradio, and the pages of the staff desk."""
