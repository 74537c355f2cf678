"""The calendar, and teams lent between municipalities."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('first', sa.String(), nullable=False),
    sa.Column('last', sa.String(), nullable=False),
    sa.Column('yearly', sa.Boolean(), nullable=False),
    sa.Column('weekdays', sa.String(), nullable=False),
    sa.Column('start', sa.String(), nullable=False),
    sa.Column('end', sa.String(), nullable=False),
    sa.Column('places', sa.String(), nullable=False),
    sa.Column('place_kinds', sa.String(), nullable=False),
    sa.Column('factor', sa.Float(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('dropped', sa.Boolean(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar'))
    )
    op.create_index(op.f('ix_calendar_municipality'), 'calendar', ['municipality'], unique=False)
    op.create_table('loans',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('lender', sa.String(), nullable=False),
    sa.Column('borrower', sa.String(), nullable=False),
    sa.Column('first', sa.String(), nullable=False),
    sa.Column('last', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('asked_for', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loans'))
    )
    op.create_index(op.f('ix_loans_team'), 'loans', ['team'], unique=False)
    op.create_index(op.f('ix_loans_lender'), 'loans', ['lender'], unique=False)
    op.create_index(op.f('ix_loans_borrower'), 'loans', ['borrower'], unique=False)
