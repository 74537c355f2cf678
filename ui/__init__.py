"""Floor 4: what people touch; Streamlit lives here and nowhere else."""
