import type { AuditEntry } from '../../store/database.ts';

/** Entries that one line tells of: one, or several of the same kind in a row. */
export interface AuditGroup {
  first: AuditEntry;
  last: AuditEntry;
  count: number;
}

/** What nobody in person did is told together: a run proposes dozens of fixes at once. */
export function groupsOf(entries: readonly AuditEntry[]): AuditGroup[] {
  const groups: AuditGroup[] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group !== undefined && entry.actor === OURSELVES && isAlike(group.last, entry)) {
      group.last = entry;
      group.count += 1;
    } else groups.push({ first: entry, last: entry, count: 1 });
  }
  return groups;
}

/** The actor of what the program does by itself. */
const OURSELVES = 'trail-check';

function isAlike(a: AuditEntry, b: AuditEntry): boolean {
  return a.actor === b.actor && a.action === b.action && a.subjectKind === b.subjectKind;
}

/** `fix.approvals-lapsed` is `fix approvals lapsed`. */
export function actionWords(action: string): string {
  return action.replaceAll(/[.-]/g, ' ');
}

/** A text member of what an entry carries. */
export function textIn({ data }: AuditEntry, member: string): string | undefined {
  const value = membersOf(data).get(member);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list of texts in what an entry carries. */
export function textsIn({ data }: AuditEntry, member: string): string[] {
  const value = membersOf(data).get(member);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function membersOf(data: unknown): Map<string, unknown> {
  return new Map(typeof data === 'object' && data !== null ? Object.entries(data) : []);
}
