import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Proposal } from '../fixes/fix.ts';
import { plainTitle } from './blocks/elements.ts';
import type { Message } from './blocks/message.ts';
import type { Click } from './click.ts';
import type { SlackContext } from './context.ts';

export type Origin = NonNullable<Proposal['origin']>;

const origin = z.object({ channel: z.string(), threadKey: z.string().exactOptional() });

/** A list of findings in a modal: which one, which page, and the thread it was opened from. */
const list = z.object({ list: z.string(), page: z.int(), origin: origin.optional() });
export type ListMetadata = z.output<typeof list>;

/** What a review modal carries: the plan it shows, what its submit button means, and the list below it. */
const review = z.object({
  fixId: z.string(),
  revision: z.int(),
  act: z.enum(['approve', 'request']).default('request'),
  origin: origin.optional(),
  below: list.extend({ viewId: z.string() }).optional(),
  /** It was opened from Home, which has to follow the decision. */
  home: z.boolean().optional(),
});
export type ReviewMetadata = z.output<typeof review>;

/** What a modal about a finding carries: the evidence that was seen, the thread it was opened from, the list below it. */
const aboutFinding = z.object({
  finding: z.string(),
  fingerprint: z.string(),
  origin: origin.optional(),
  below: list.extend({ viewId: z.string() }).optional(),
});
export type AboutFinding = z.output<typeof aboutFinding>;

const riskModal = z.object({ riskId: z.string() });

const rejection = z.object({ fixId: z.string(), revision: z.int() });

export const readList = (metadata: string): ListMetadata => list.parse(JSON.parse(metadata));
export const readReview = (metadata: string): ReviewMetadata => review.parse(JSON.parse(metadata));
export const readAboutFinding = (metadata: string): AboutFinding => aboutFinding.parse(JSON.parse(metadata));
export const readRiskModal = (metadata: string) => riskModal.parse(JSON.parse(metadata));
export const readRejection = (metadata: string) => rejection.parse(JSON.parse(metadata));

/** Shows a modal to who clicked: on top of the modal they clicked in, else anew. */
export async function show({ web }: Pick<SlackContext, 'web'>, click: Click, view: ModalView): Promise<void> {
  const opened = { trigger_id: click.triggerId, view };
  if (click.place.kind === 'modal') await web.views.push(opened);
  else await web.views.open(opened);
}

/** A message in a frame, for where nothing can be whispered. */
export function noticeModal({ blocks }: Message): ModalView {
  return { type: 'modal', title: plainTitle('trail-check'), close: plainTitle('Close'), blocks };
}

/** Says something to who clicked, and to nobody else. */
export function tell(context: Pick<SlackContext, 'web'>, click: Click, message: Message): Promise<void> {
  return click.place.kind === 'message' ? click.whisper(message) : show(context, click, noticeModal(message));
}
