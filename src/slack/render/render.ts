import type { Message } from '../blocks/message.ts';
import type { SlackContext } from '../context.ts';
import { renderAnchor, renderAudit } from './audit.ts';
import { renderBatch } from './batch.ts';
import { renderCheck } from './check.ts';
import { renderConfiguration, renderProblems } from './configuration.ts';
import { renderEmergency } from './emergency.ts';
import { renderFix } from './fix.ts';
import { renderFreeze } from './freeze.ts';
import { renderPack } from './pack.ts';
import { renderNews, renderOlderRequest, renderReminder } from './reminder.ts';
import { renderRisk } from './risk.ts';
import { renderRun } from './run.ts';
import { renderStepUp } from './step-up.ts';

export interface Rendered {
  message: Message;
  /** Will be another one in a moment: it need not be shown as often as it changes. */
  fleeting: boolean;
}

/** Makes a message from what it is about, as that stands now. Undefined: there is no such thing any more. */
export async function render(
  context: Pick<SlackContext, 'store' | 'fixes' | 'catalogue' | 'config'>,
  { kind, id }: { kind: string; id: string },
): Promise<Rendered | undefined> {
  switch (kind) {
    case 'run':
      return renderRun(context, id);
    case 'check':
      return renderCheck(context, id);
    case 'batch':
      return renderBatch(context, id);
    case 'configuration':
      return renderConfiguration(context, id);
    case 'policy-problems':
      return renderProblems(context, id);
    case 'freeze':
      return renderFreeze(context, id);
    case 'pack':
      return renderPack(context, id);
    case 'emergency':
    case 'emergency-overdue':
      return renderEmergency(context, { kind, id });
    case 'step-up':
      return renderStepUp(id);
    case 'fix':
      return renderFix(context, id);
    case 'older-request':
      return renderOlderRequest(context, id);
    case 'reminder':
      return renderReminder(context, id);
    case 'news':
      return renderNews(context, id);
    case 'audit':
      return renderAudit(context, id);
    case 'audit-anchor':
      return renderAnchor(context, id);
    case 'risk':
      return renderRisk(context, id);
    default:
      return undefined;
  }
}
