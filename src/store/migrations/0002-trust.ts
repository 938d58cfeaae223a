/** Step-up, break-glass, reminders, bulk, freezes, accepted risks, snoozes, and which configurations were seen. */
export const trust: readonly string[] = [
  // Fixes that were asked for together, one an account, share a batch.
  `alter table fixes add column batch text`,
  `alter table fixes add column break_glass boolean not null default false`,
  // A fix done by breaking the glass is open until two people have signed it off.
  `alter table fixes add column signed_off_at timestamptz`,
  `alter table fixes add column reminders integer not null default 0`,
  `alter table fixes add column next_reminder_at timestamptz`,
  `create index fixes_by_batch on fixes (batch) where batch is not null`,

  `alter table approvals add column step_up text`,

  `create table sign_offs (
    fix text not null references fixes (id),
    "user" text not null,
    at timestamptz not null,
    primary key (fix, "user")
  )`,

  `create table freezes (
    id text primary key,
    environment text,
    reason text not null,
    "by" text not null,
    at timestamptz not null,
    lift_requested_by text,
    lifted_by text,
    lifted_at timestamptz
  )`,
  // One freeze a place at a time; null is everywhere.
  `create unique index freezes_one_open on freezes (coalesce(environment, '*')) where lifted_at is null`,

  `create table accepted_risks (
    id text primary key,
    finding text not null,
    "check" text not null,
    account text not null,
    region text not null,
    resource text not null,
    title text not null,
    severity text not null,
    fingerprint text not null,
    evidence jsonb not null,
    environments text[] not null,
    owner text not null,
    reason text not null,
    until text not null check (until ~ '^\\d{4}-\\d{2}-\\d{2}$'),
    state text not null
      check (state in ('pending', 'active', 'rejected', 'withdrawn', 'expired', 'superseded', 'ended')),
    people integer not null check (people > 0),
    channel text not null,
    thread_key text,
    requested_by text not null,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    policy_hash text not null,
    config_hash text not null,
    approvals jsonb not null default '[]',
    accepted_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    ended_reason text
  )`,
  // Two who ask for one finding: the first has asked.
  `create unique index accepted_risks_one_open on accepted_risks (finding) where state in ('pending', 'active')`,

  `create table snoozes (
    finding text primary key,
    until timestamptz not null,
    "by" text not null,
    at timestamptz not null,
    reason text,
    fingerprint text not null,
    severity text not null
  )`,

  // A next secret takes the place of the one before with its first right code.
  `create table enrolments (
    "user" text primary key,
    secret text,
    next_secret text,
    next_at timestamptz,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    failures integer not null default 0,
    locked_until timestamptz
  )`,

  `create table configurations (
    hash text primary key,
    summary jsonb not null,
    changes jsonb not null,
    confirmations jsonb not null,
    since timestamptz not null,
    seen_at timestamptz not null,
    confirmed_at timestamptz,
    settled_at timestamptz,
    problems jsonb not null default '[]'
  )`,

  // Up to which entry each copy of the audit log goes: its channel, its bucket, and the anchors in both.
  `create table audit_mirror (
    kind text primary key check (kind in ('channel', 'bucket', 'anchor', 'bucket-anchor')),
    seq integer not null default 0,
    hash text not null default '',
    upto integer,
    at timestamptz,
    owner text,
    lease_until timestamptz
  )`,
  `insert into audit_mirror (kind) values ('channel'), ('bucket'), ('anchor'), ('bucket-anchor')`,
];
