"""Cases that are known to a span of days only."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cases', sa.Column('identified_until', sa.DateTime(timezone=True), nullable=True))
