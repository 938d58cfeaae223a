import { messagesAbout } from '../store/messages.ts';
import type { Click } from './click.ts';
import type { SlackContext } from './context.ts';
import { render } from './render/render.ts';

/**
 * Puts what a decision came to in the place of the message that was clicked, even while a long thread waits to be told in
 * front of it. Said once more afterwards, because what is replaced here may overtake a newer state on its way.
 */
export async function showAtOnce(
  context: SlackContext,
  click: Click,
  subject: { kind: string; id: string },
): Promise<void> {
  const rendered = await render(context, subject);
  if (rendered === undefined || click.place.kind !== 'message') return;
  try {
    await click.replace(rendered.message);
  } catch (error) {
    context.logger.warn({ err: error, subject }, 'a message could not be replaced at once; it follows in its turn');
  }
  await context.store.transaction(async (tx) => {
    for (const { key, channel } of await messagesAbout(tx.query, subject)) await tx.say({ key, channel, subject });
  });
}
