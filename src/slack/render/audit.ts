import { parseAnchor } from '../../fixes/audit/anchors.ts';
import { auditEntries } from '../../store/audit.ts';
import { anchorMessage, auditMessage } from '../blocks/audit.ts';
import type { SlackContext } from '../context.ts';
import type { Rendered } from './render.ts';

/** The entries of the audit log from one number to another; `id` is `<first>-<last>`. */
export async function renderAudit({ store }: Pick<SlackContext, 'store'>, id: string): Promise<Rendered | undefined> {
  const [first = Number.NaN, last = Number.NaN] = id.split('-').map(Number);
  if (!(first <= last)) return undefined;
  const entries = await auditEntries(store.query, { after: first - 1, limit: last - first + 1 });
  const wanted = entries.filter(({ seq }) => seq <= last);
  return wanted.length === 0 ? undefined : { message: auditMessage(wanted), fleeting: false };
}

/** The end of the audit log at a moment; `id` is `<seq>:<hash>`. */
export async function renderAnchor(
  { config }: Pick<SlackContext, 'config'>,
  id: string,
): Promise<Rendered | undefined> {
  const anchor = parseAnchor(id);
  return anchor === undefined ? undefined : { message: anchorMessage(anchor, config.slack.command), fleeting: false };
}
