"""Children of a visit who lack a vaccination."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('visits', sa.Column('n_not_vaccinated', sa.Integer(), nullable=False, server_default='0'))
