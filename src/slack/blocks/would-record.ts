import type { Recorded } from '../../posture/would-record/answer.ts';
import type { WouldRecord } from '../../posture/would-record/would-record.ts';
import { context, section } from './elements.ts';
import type { Message } from './message.ts';
import { oneLine, words } from './text.ts';

const SIGN: { readonly [recorded in Recorded]: { emoji: string; words: string } } = {
  yes: { emoji: '✅', words: 'Recorded' },
  no: { emoji: '❌', words: 'Not recorded' },
  depends: { emoji: '⚠️', words: 'Depends' },
  unknown: { emoji: '❔', words: 'Unknown' },
};
const MOST_ACCOUNTS = 10;
const MOST_TRAILS = 5;

/** Which trail records an event, account by account; those without a record come first. */
export function wouldRecordMessage({ action, resource, answers, notes }: WouldRecord): Message {
  const asked = oneLine(resource === undefined ? action : `${action} on ${resource}`, 200);
  const worst = [...answers].sort((one, other) => WORST.indexOf(one.recorded) - WORST.indexOf(other.recorded));
  const more = worst.length - MOST_ACCOUNTS;
  return {
    text: `${asked}: ${counts(answers.map(({ recorded }) => recorded))}`,
    blocks: [
      section(words('Would it have been recorded? ', { code: asked })),
      ...worst
        .slice(0, MOST_ACCOUNTS)
        .flatMap(({ account, recorded, why, trails }) => [
          section(
            words(`${SIGN[recorded].emoji} `, { bold: SIGN[recorded].words }, ` in ${account}\n${oneLine(why, 400)}`),
          ),
          ...(trails.length < 2
            ? []
            : [
                context(
                  ...trails
                    .slice(0, MOST_TRAILS)
                    .map((each) =>
                      words(`${SIGN[each.recorded].emoji} `, { code: each.trail }, ` ${oneLine(each.why, 200)}`),
                    ),
                ),
              ]),
        ]),
      ...(more > 0 ? [context(`and ${more} more accounts`)] : []),
      ...notes.slice(0, 3).map((note) => context(words(oneLine(note, 300)))),
    ],
  };
}

const WORST: readonly Recorded[] = ['no', 'unknown', 'depends', 'yes'];

function counts(all: readonly Recorded[]): string {
  return WORST.flatMap((recorded) => {
    const { length } = all.filter((each) => each === recorded);
    return length === 0 ? [] : [`${length} ${SIGN[recorded].words.toLowerCase()}`];
  }).join(', ');
}
