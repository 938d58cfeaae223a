import { parseStepUpNotice } from '../../fixes/step-up/notices.ts';
import { stepUpMessage } from '../blocks/step-up.ts';
import type { Rendered } from './render.ts';

export function renderStepUp(id: string): Rendered | undefined {
  const told = parseStepUpNotice(id);
  return told === undefined ? undefined : { message: stepUpMessage(told), fleeting: false };
}
