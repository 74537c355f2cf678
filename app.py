"""The door for a browser: the application that carries our routes, and the script of every run."""

import streamlit as st

from ui.routes import ROUTES, lifespan

app = st.App(__file__, routes=ROUTES, lifespan=lifespan)

if __name__ == "__main__":
    from ui.shell import main
    from ui.views.teams_out import alarm

    main(alarm)
