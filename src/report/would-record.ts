import type { Recorded } from '../posture/would-record/answer.ts';
import type { WouldRecord } from '../posture/would-record/would-record.ts';
import { printable } from './terminal.ts';

export const RECORDED: { readonly [recorded in Recorded]: string } = {
  yes: 'recorded',
  no: 'not recorded',
  depends: 'depends',
  unknown: 'unknown',
};

/** The answer for people: a line an account, and below it each trail with its reason. */
export function wouldRecordText({ action, resource, answers, notes }: WouldRecord): string {
  const lines = [
    `${printable(action)}${resource === undefined ? '' : ` on ${printable(resource)}`}`,
    ...answers.flatMap(({ account, recorded, why, trails }) => [
      `  ${account}  ${RECORDED[recorded]}: ${printable(why)}`,
      ...trails.map((each) => {
        const from = each.inherited ? ', inherited' : '';
        return `    ${printable(each.trail)} (${RECORDED[each.recorded]}${from}): ${printable(each.why)}`;
      }),
    ]),
    ...notes.map(printable),
  ];
  return `${lines.join('\n')}\n`;
}
