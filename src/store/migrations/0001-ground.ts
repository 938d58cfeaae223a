/** The tables as they began. All times come from the program; nothing here reads the database's clock. */
export const ground: readonly string[] = [
  `create table runs (
    id text primary key,
    target text not null,
    requested_by text,
    trigger text not null check (trigger in ('asked', 'scheduled', 'event', 'verification')),
    state text not null check (state in ('queued', 'running', 'done', 'failed')),
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    counts jsonb not null default 'null',
    score integer,
    complete boolean,
    changed text[] not null default '{}',
    calls integer,
    error text,
    owner text,
    lease_until timestamptz
  )`,
  // Two people who ask for the same target share one run.
  `create unique index runs_one_open on runs (target) where state in ('queued', 'running')`,
  `create index runs_latest on runs (target, finished_at desc)`,

  `create table findings (
    id text primary key,
    "check" text not null,
    account text not null,
    region text not null,
    resource text not null,
    verdict text not null check (verdict in ('pass', 'fail', 'unknown', 'not-applicable', 'exempt')),
    severity text not null,
    title text not null,
    data jsonb not null,
    content_hash text not null,
    fingerprint text not null,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    changed_at timestamptz not null
  )`,
  `create index findings_by_account on findings (account, "check")`,

  `create table finding_changes (
    finding text not null,
    run text not null references runs (id),
    at timestamptz not null,
    "from" text,
    "to" text,
    "check" text not null,
    account text not null,
    resource text not null,
    severity text not null,
    primary key (run, finding)
  )`,
  `create index finding_changes_history on finding_changes (finding, at)`,

  `create table snapshot_parts (
    key text primary key,
    account text not null,
    hash text not null,
    content bytea not null,
    taken_at timestamptz not null
  )`,
  `create index snapshot_parts_by_account on snapshot_parts (account)`,
  // It is compressed already.
  `alter table snapshot_parts alter column content set storage external`,

  `create table fixes (
    id text primary key,
    key text not null,
    revision integer not null default 1,
    kind text not null check (kind in ('fix', 'undo')),
    "of" text references fixes (id),
    findings text[] not null,
    "check" text not null,
    accounts text[] not null,
    plan jsonb not null,
    plan_hash text not null,
    state text not null,
    class text not null,
    risk text not null,
    people integer not null check (people > 0),
    requested_by text,
    requested_at timestamptz,
    reason text,
    approved_at timestamptz,
    starts_at timestamptz,
    expires_at timestamptz,
    policy_hash text,
    config_hash text,
    owner text,
    lease_until timestamptz,
    progress jsonb not null default 'null',
    result jsonb not null default 'null',
    error text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((kind = 'undo') = ("of" is not null))
  )`,
  `create unique index fixes_one_open on fixes (key)
    where state in ('proposed', 'pending', 'approved', 'applying', 'verifying', 'drifted')`,
  `create index fixes_by_finding on fixes using gin (findings)`,
  `create index fixes_by_state on fixes (state, lease_until)`,

  `create table approvals (
    fix text not null references fixes (id),
    revision integer not null,
    "user" text not null,
    decision text not null check (decision in ('approve', 'reject')),
    reason text,
    at timestamptz not null,
    self_initiated boolean not null,
    seen jsonb not null default 'null',
    lapsed_at timestamptz
  )`,
  // One word a person and revision; who lapsed may be asked again.
  `create unique index approvals_one_word on approvals (fix, revision, "user") where lapsed_at is null`,

  `create table audit (
    seq integer primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    data jsonb not null,
    plan_hash text,
    prev_hash text not null,
    hash text not null,
    hmac text
  )`,
  `create index audit_by_subject on audit (subject_kind, subject_id, seq)`,
  `create table audit_head (
    id integer primary key check (id = 1),
    seq integer not null,
    hash text not null
  )`,
  `insert into audit_head (id, seq, hash) values (1, 0, '')`,
  // A seat belt against mistakes; against people with the database in their hands there is the chain of hashes.
  `create function audit_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()`,

  `create table messages (
    id integer generated always as identity primary key,
    key text not null unique,
    channel text not null,
    thread_key text,
    "user" text,
    subject_kind text not null,
    subject_id text not null,
    wanted_version integer not null,
    shown_version integer not null,
    state text not null check (state in ('open', 'failed')),
    ts text,
    error text,
    pending_since timestamptz not null,
    not_before timestamptz,
    claimed_until timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index messages_pending on messages (channel, pending_since, id)
    where wanted_version > shown_version and state = 'open'`,
  `create index messages_by_subject on messages (subject_kind, subject_id)`,

  `create table cron_slots (
    job text not null,
    slot timestamptz not null,
    owner text not null,
    claimed_at timestamptz not null,
    completed_at timestamptz,
    primary key (job, slot)
  )`,

  `create table documents (
    document text primary key,
    hash text,
    written_at timestamptz,
    held_by text,
    held_until timestamptz
  )`,

  `create table holds (
    finding text primary key,
    reason text not null,
    "by" text not null,
    at timestamptz not null
  )`,
];
