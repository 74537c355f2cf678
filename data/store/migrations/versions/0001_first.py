"""The first tables, and an audit that can only grow."""

import sqlalchemy as sa
from alembic import op

from data.store.geometry import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER audit_no_{verb} BEFORE {VERB} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
"""

_POSTGRES = (
    """
    CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$
    """,
    """
    CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
    """,
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.create_table('accounts',
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('login', name=op.f('pk_accounts'))
    )
    op.create_table('audit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('export_sha256', sa.String(), nullable=False),
    sa.Column('previous', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_table('bases',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bases'))
    )
    op.create_index(op.f('ix_bases_municipality'), 'bases', ['municipality'], unique=False)
    op.create_table('cases',
    sa.Column('case_code', sa.String(), nullable=False),
    sa.Column('place_id', sa.String(), nullable=False),
    sa.Column('municipality_found', sa.String(), nullable=False),
    sa.Column('municipality_home', sa.String(), nullable=False),
    sa.Column('identified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hour_known', sa.Boolean(), nullable=False),
    sa.Column('sector', sa.String(), nullable=False),
    sa.Column('risk_degree', sa.String(), nullable=False),
    sa.Column('engagement', sa.String(), nullable=False),
    sa.Column('age_band', sa.String(), nullable=False),
    sa.Column('schooling', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('referred_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('geometry', Geometry(), nullable=True),
    sa.PrimaryKeyConstraint('case_code', name=op.f('pk_cases'))
    )
    op.create_index(op.f('ix_cases_municipality_found'), 'cases', ['municipality_found'], unique=False)
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('n_new', sa.Integer(), nullable=False),
    sa.Column('n_changed', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_table('perimeters',
    sa.Column('perimeter_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('approximate', sa.Boolean(), nullable=False),
    sa.Column('danger_m', sa.Float(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('geometry', Geometry(), nullable=False),
    sa.PrimaryKeyConstraint('perimeter_id', name=op.f('pk_perimeters'))
    )
    op.create_index(op.f('ix_perimeters_municipality'), 'perimeters', ['municipality'], unique=False)
    op.create_table('places',
    sa.Column('place_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('awake_from', sa.Integer(), nullable=False),
    sa.Column('awake_to', sa.Integer(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('geometry', Geometry(), nullable=False),
    sa.PrimaryKeyConstraint('place_id', name=op.f('pk_places'))
    )
    op.create_index(op.f('ix_places_municipality'), 'places', ['municipality'], unique=False)
    op.create_table('plans',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('week', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_plans'))
    )
    op.create_index('ix_plans_municipality_week', 'plans', ['municipality', 'week'], unique=False)
    op.create_table('settings',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_settings'))
    )
    op.create_table('tokens',
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_tokens'))
    )
    op.create_table('unit_status',
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('unit', name=op.f('pk_unit_status'))
    )
    op.create_index(op.f('ix_unit_status_municipality'), 'unit_status', ['municipality'], unique=False)
    op.create_table('visits',
    sa.Column('visit_id', sa.String(), nullable=False),
    sa.Column('place_id', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('n_seen', sa.Integer(), nullable=False),
    sa.Column('n_identified', sa.Integer(), nullable=False),
    sa.Column('n_not_enrolled', sa.Integer(), nullable=False),
    sa.Column('n_without_health_card', sa.Integer(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('visit_id', name=op.f('pk_visits'))
    )
    op.create_index(op.f('ix_visits_municipality'), 'visits', ['municipality'], unique=False)
    op.create_index(op.f('ix_visits_place_id'), 'visits', ['place_id'], unique=False)
    op.create_table('workers',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('skills', sa.String(), nullable=False),
    sa.Column('trained', sa.Boolean(), nullable=False),
    sa.Column('weekly_hours', sa.Float(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workers'))
    )
    op.create_index(op.f('ix_workers_municipality'), 'workers', ['municipality'], unique=False)
    op.create_table('absences',
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('first', sa.String(), nullable=False),
    sa.Column('last', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['worker'], ['workers.id'], name=op.f('fk_absences_worker')),
    sa.PrimaryKeyConstraint('worker', 'first', name=op.f('pk_absences'))
    )
    op.create_table('grants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['accounts.login'], name=op.f('fk_grants_login')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grants')),
    sa.UniqueConstraint('login', 'role', 'municipality', 'team', name=op.f('uq_grants_login_role_municipality_team'))
    )
    op.create_index(op.f('ix_grants_login'), 'grants', ['login'], unique=False)
    op.create_table('segments',
    sa.Column('segment_id', sa.String(), nullable=False),
    sa.Column('perimeter_id', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('length_m', sa.Float(), nullable=False),
    sa.Column('geometry', Geometry(), nullable=False),
    sa.ForeignKeyConstraint(['perimeter_id'], ['perimeters.perimeter_id'], name=op.f('fk_segments_perimeter_id')),
    sa.PrimaryKeyConstraint('segment_id', name=op.f('pk_segments'))
    )
    op.create_table('teams',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('base', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('start', sa.String(), nullable=False),
    sa.Column('end', sa.String(), nullable=False),
    sa.Column('weekdays', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('members', sa.String(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['base'], ['bases.id'], name=op.f('fk_teams_base')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teams'))
    )
    op.create_index(op.f('ix_teams_municipality'), 'teams', ['municipality'], unique=False)
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRES:
            op.execute(statement)
    else:
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(verb=verb, VERB=verb.upper()))
