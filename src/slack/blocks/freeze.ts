import { placeOf } from '../../fixes/freeze.ts';
import type { Freeze } from '../../store/freezes.ts';
import { actions, button, context, section } from './elements.ts';
import { ACTIONS } from './ids.ts';
import type { Message } from './message.ts';
import { escapeText, mention, oneLine, when, words } from './text.ts';

/** A freeze for everybody to see: who, why, and the button by which two people lift it. */
export function freezeMessage(freeze: Freeze): Message {
  const { environment, reason, by, at, liftRequestedBy, liftedBy, liftedAt } = freeze;
  const place = oneLine(placeOf(environment), 80);
  const why = section(words({ bold: 'Why' }, `\n${oneLine(reason, 500)}`));
  if (liftedAt !== null) {
    return {
      text: `${escapeText(place)} is no longer frozen`,
      blocks: [
        section(words('▶️ ', { bold: place }, ' is no longer frozen. What was approved goes on.')),
        why,
        context(`Lifted by ${mention(liftRequestedBy ?? '')} and ${mention(liftedBy ?? '')} · ${when(liftedAt)}`),
      ],
    };
  }
  const asked = liftRequestedBy === null ? '' : ` · ${mention(liftRequestedBy)} wants to lift it, 1 of 2`;
  return {
    text: `${escapeText(place)} is frozen`,
    blocks: [
      section(words('⏸️ ', { bold: place }, ' is frozen. No fix runs, and none goes on after its present call.')),
      why,
      context(`Frozen by ${mention(by)} · ${when(at)}${asked}`),
      actions(button('Lift freeze', ACTIONS.liftFreeze, freeze.id)),
    ],
  };
}
