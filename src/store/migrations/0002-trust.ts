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
    reason text,
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
    resource text not null,
    title text not null,
    fingerprint text not null,
    evidence jsonb not null,
    owner text not null,
    reason text not null,
    until date not null,
    state text not null check (state in ('pending', 'active', 'rejected', 'withdrawn', 'ended')),
    people integer not null check (people > 0),
    requested_by text not null,
    requested_at timestamptz not null,
    approvals jsonb not null default '[]',
    decided_at timestamptz,
    ended_reason text
  )`,
  `create unique index accepted_risks_one_open on accepted_risks (finding) where state in ('pending', 'active')`,

  `create table snoozes (
    finding text primary key,
    until timestamptz not null,
    "by" text not null,
    at timestamptz not null
  )`,

  `create table enrolments (
    "user" text primary key,
    secret text not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    failures integer not null default 0,
    locked_until timestamptz,
    at timestamptz not null
  )`,

  `create table configurations (
    hash text primary key,
    summary jsonb not null,
    seen_at timestamptz not null,
    confirmations jsonb not null default '[]'
  )`,
];
