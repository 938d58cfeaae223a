import { redact } from '../ops/redact.ts';
import { type AuditFilter, auditLine, auditPages } from '../store/audit.ts';
import type { AuditEntry, Db } from '../store/database.ts';
import { csvRecord } from './formats/csv.ts';

export const AUDIT_FORMATS = ['jsonl', 'csv'] as const;

/** The wanted entries, oldest first, piece by piece: one JSON object a line, or RFC 4180 with a header. */
export async function* exportAudit(
  db: Db,
  format: (typeof AUDIT_FORMATS)[number],
  filter: AuditFilter,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvRecord(Object.keys(COLUMNS));
  for await (const page of auditPages(db, filter)) {
    yield page.map(format === 'csv' ? csvLine : auditLine).join('');
  }
}

function csvLine(entry: AuditEntry): string {
  return csvRecord(Object.values(COLUMNS).map((cell) => redact(cell(entry))));
}

const COLUMNS: { readonly [column: string]: (entry: AuditEntry) => string } = {
  seq: ({ seq }) => String(seq),
  time: ({ at }) => at.toISOString(),
  actor: ({ actor }) => actor,
  action: ({ action }) => action,
  subject_kind: ({ subjectKind }) => subjectKind,
  subject: ({ subjectId }) => subjectId,
  accounts: (entry) => told(entry, 'accounts') || told(entry, 'account'),
  check: (entry) => told(entry, 'check'),
  reason: (entry) => told(entry, 'reason') || told(entry, 'error'),
  plan_hash: ({ planHash }) => planHash ?? '',
  data: ({ data }) => JSON.stringify(data),
  prev_hash: ({ prevHash }) => prevHash,
  hash: ({ hash }) => hash,
  hmac: ({ hmac }) => hmac ?? '',
};

function told({ data }: AuditEntry, member: string): string {
  const value = new Map<string, unknown>(typeof data === 'object' && data !== null ? Object.entries(data) : []).get(
    member,
  );
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : '';
}
