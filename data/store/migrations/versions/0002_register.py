"""The register: what coordinators decided on places."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('register',
    sa.Column('place_id', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('merged_into', sa.String(), nullable=True),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('slots', sa.String(), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['merged_into'], ['places.place_id'], name=op.f('fk_register_merged_into')),
    sa.ForeignKeyConstraint(['place_id'], ['places.place_id'], name=op.f('fk_register_place_id')),
    sa.PrimaryKeyConstraint('place_id', name=op.f('pk_register'))
    )
    op.create_index(op.f('ix_register_municipality'), 'register', ['municipality'], unique=False)
