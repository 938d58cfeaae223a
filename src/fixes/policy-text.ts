import type { ExplainedPolicy, PolicyAspect } from './explain-policy.ts';

/** An explained policy for a terminal. */
export function policyText({ environment, check, layers, usual, others }: ExplainedPolicy): string {
  const width = Math.max(...layers.map(({ place }) => place.length));
  return [
    `${check} in ${environment ?? 'accounts of no environment'}`,
    '',
    'What was looked at, the most special last:',
    ...layers.map(
      ({ place, applies, note }) =>
        `  ${applies ? '+' : '-'} ${place.padEnd(width)}  ${note}${applies ? '' : ': does not apply'}`,
    ),
    '',
    'What holds:',
    ...usual.map(line),
    ...others.flatMap(({ when, differs }) => ['', `If ${when}:`, ...differs.map(line)]),
    '',
  ].join('\n');
}

function line({ what, says, why }: PolicyAspect): string {
  return `  ${`${what}:`.padEnd(27)}${says}${why.length === 0 ? '' : `  [${why.join(', ')}]`}`;
}
