import type { Diagnosis } from '../../ops/diagnosis.ts';

const AREAS: readonly Diagnosis['area'][] = ['configuration', 'database', 'Slack', 'AWS', 'policies'];

/** What was found, by area, for a terminal; each problem with what to do. */
export function diagnosesText(found: readonly Diagnosis[]): string {
  const areas = AREAS.flatMap((area) => {
    const within = found.filter((one) => one.area === area);
    return within.length === 0 ? [] : [`${area}\n${within.map(line).join('')}`];
  });
  return `${areas.join('\n')}\n${summary(found)}\n`;
}

function line({ level, what, next }: Diagnosis): string {
  const said = `  ${level.padEnd(9)}${what}\n`;
  return next === undefined || level === 'ok' ? said : `${said}           ${next}\n`;
}

export function summary(found: readonly Diagnosis[]): string {
  const problems = found.filter(({ level }) => level === 'problem').length;
  if (problems === 0) return 'All is well.';
  return `${problems} ${problems === 1 ? 'problem' : 'problems'}.`;
}
