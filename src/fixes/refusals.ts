import type { FixView } from './fix.ts';
import type { Policy } from './policy.ts';

/** Who may approve, as Slack would mention them. */
export function whoMay(policies: readonly Policy[]): string {
  const names = [...new Set(policies.flatMap(({ approve }) => approve))].map(mention);
  const who = names.length === 0 ? 'Nobody is configured to approve.' : `Approvers: ${names.join(', ')}.`;
  return `${who}${settling(policies)}`;
}

/** Said where a changed configuration, or another process, makes it stricter than the file says (decision 38). */
export function settling(policies: readonly Policy[]): string {
  const until = policies.flatMap(({ earlier }) => earlier ?? []).sort()[0];
  if (until === undefined) return '';
  if (until === 'elsewhere') return ' Another process runs under another configuration, so only who both name counts.';
  const end = `${until.slice(0, 16).replace('T', ' ')} UTC`;
  return ` The configuration has just changed: until ${end} only who the old and the new one name counts, unless two approvers of the old one confirm the change with "policy confirm".`;
}

function mention(entry: string): string {
  if (entry.startsWith('@')) return entry;
  return entry.startsWith('S') ? `<!subteam^${entry}>` : `<@${entry}>`;
}

const STATE_MESSAGES: { [state in FixView['state']]: string } = {
  proposed: 'Nobody has asked for this fix yet.',
  pending: 'This fix waits for approval already.',
  approved: 'This fix is approved already and about to run.',
  applying: 'This fix is running already.',
  verifying: 'This fix has run; the result is being read.',
  fixed: 'This is fixed already.',
  unconfirmed: 'This fix has run; its result is not confirmed yet.',
  failed: 'This fix has failed. Run the check again for a new plan.',
  'partly-applied': 'This fix was applied in part. Run the check again for a new plan.',
  'rolled-back': 'This fix was rolled back. Run the check again for a new plan.',
  rejected: 'This fix was rejected.',
  withdrawn: 'This fix was withdrawn.',
  expired: 'The time for a decision has passed. Run the check again for a new plan.',
  superseded: 'The finding has changed, so this fix no longer applies.',
  drifted: 'AWS has changed since the plan was made. Look at the new plan.',
  undone: 'This fix was undone.',
};

/** Where the policy asks for a reason and none was given. */
export const SAY_WHY = 'The policy here asks for a reason. Open Review and say why.';

/** Why a fix in this state takes no such decision. */
export function stateMessage(fix: FixView): string {
  if (fix.state === 'approved' && fix.row.startsAt !== null)
    return 'This fix is approved already and waits for its time.';
  return STATE_MESSAGES[fix.state];
}
