"""What the roster asks of people: languages, hours they can work, wishes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('workers', sa.Column('languages', sa.String(), nullable=False, server_default=''))
    op.add_column('workers', sa.Column('sex', sa.String(), nullable=False, server_default='unknown'))
    op.add_column('workers', sa.Column('available_days', sa.String(), nullable=False, server_default='0 1 2 3 4 5 6'))
    op.add_column('workers', sa.Column('available_from', sa.String(), nullable=False, server_default=''))
    op.add_column('workers', sa.Column('available_until', sa.String(), nullable=False, server_default=''))
    op.add_column('teams', sa.Column('languages', sa.String(), nullable=False, server_default=''))
    op.create_table('wishes',
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('wants', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['worker'], ['workers.id'], name=op.f('fk_wishes_worker')),
    sa.PrimaryKeyConstraint('worker', 'day', name=op.f('pk_wishes'))
    )
