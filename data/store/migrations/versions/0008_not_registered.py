"""Children of a visit who are not in the civil register."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('visits', sa.Column('n_not_registered', sa.Integer(), nullable=False, server_default='0'))
