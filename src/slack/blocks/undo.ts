import type { ModalView } from '@slack/types';
import type { Powers } from '../../fixes/decide.ts';
import type { FixView } from '../../fixes/fix.ts';
import { reviewModal } from './review.ts';

/** The review of an undo, which is a fix of its own: told in the thread of the fix it takes back. */
export function undoModal(fix: FixView, powers: Powers): ModalView {
  const { origin } = fix.proposal;
  return reviewModal(fix, powers, origin === undefined ? {} : { origin });
}
