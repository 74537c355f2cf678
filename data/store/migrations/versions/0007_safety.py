"""Check-ins of teams that are out, and stops that were passed by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('check_ins',
    sa.Column('shift', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('shift', 'at', 'state', name=op.f('pk_check_ins'))
    )
    op.create_index(op.f('ix_check_ins_municipality'), 'check_ins', ['municipality'], unique=False)
    op.create_table('skips',
    sa.Column('shift', sa.String(), nullable=False),
    sa.Column('place_id', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('shift', 'place_id', name=op.f('pk_skips'))
    )
    op.create_index(op.f('ix_skips_municipality'), 'skips', ['municipality'], unique=False)
