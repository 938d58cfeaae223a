import { z } from 'zod';
import { parseAnchor } from '../../src/fixes/audit/anchors.ts';
import { AUDIT_FORMATS } from '../../src/report/audit.ts';

const DAY_MS = 24 * 3_600_000;
const anchor = z.string().transform((text, context) => {
  const parsed = parseAnchor(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'takes <sequence>:<hash>, as an anchor in the audit channel has it' });
  return z.NEVER;
});

/** A moment, or a day in UTC: `--to` takes all of that day. */
const moment = (dayAfter: number) =>
  z.string().transform((text, context) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
    const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time + (day ? dayAfter * DAY_MS : 0));
    context.addIssue({ code: 'custom', message: 'takes a day (2026-11-02) or a moment (2026-11-02T09:00:00Z)' });
    return z.NEVER;
  });

const FORMATS = { verify: ['text', 'json'], export: AUDIT_FORMATS, show: ['text'] } as const;
const OPTIONS = {
  verify: ['anchor', 'format'],
  export: ['format', 'from', 'to', 'account', 'person'],
  show: [],
} as const satisfies { [what: string]: readonly string[] };

/** What `audit` takes; options that are not for what it is asked to do are refused. */
export const auditArgs = z
  .strictObject({
    _: z.union(
      [z.tuple([z.literal('verify')]), z.tuple([z.literal('export')]), z.tuple([z.literal('show'), z.string()])],
      { error: 'takes verify, export, or show with the id of a fix' },
    ),
    anchor: z.array(anchor).default([]),
    format: z
      .enum(['text', 'json', 'jsonl', 'csv'], { error: 'takes text or json, for export jsonl or csv' })
      .optional(),
    from: moment(0).optional(),
    to: moment(1).optional(),
    account: z
      .string()
      .regex(/^\d{12}$/, 'takes an account id of twelve digits')
      .optional(),
    person: z.string().min(1).optional(),
  })
  .superRefine(({ _: [what], ...given }, context) => {
    const taken: readonly string[] = OPTIONS[what];
    for (const [name, value] of Object.entries(given)) {
      const there = Array.isArray(value) ? value.length > 0 : value !== undefined;
      if (there && !taken.includes(name))
        context.addIssue({ code: 'custom', path: [name], message: `is not for ${what}` });
    }
    const formats: readonly string[] = FORMATS[what];
    if (given.format !== undefined && taken.includes('format') && !formats.includes(given.format)) {
      context.addIssue({ code: 'custom', path: ['format'], message: `takes ${formats.join(' or ')} for ${what}` });
    }
  });
