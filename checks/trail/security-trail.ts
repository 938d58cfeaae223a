import { z } from 'zod';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, COVERAGE_NEEDS, type CoveringTrail } from '../../src/check/coverage.ts';
import { recorded, recordsAllManagement } from '../../src/check/evaluators/event-selectors/recording.ts';
import { selectorsOf } from '../../src/check/management-kinds.ts';
import { whereCovered } from '../../src/check/uncovered.ts';

export default defineCheck({
  id: 'trail/security-trail',
  title: 'One trail has it all',
  severity: 'high',
  scope: 'account',
  rationale: 'Five half-good trails can pass five checks; an auditor asks for one good one.',
  pass: 'At least one logging trail that covers the account is multi-region, includes global events, records all management events without exclusions, has validation on and uses a KMS key.',
  seed: [],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    'pci_4.0': '10.3.2 10.3.3 10.3.4 10.5.1 A1.2.1',
    soc2: 'CC2.1',
    config_rule: 'cloudtrail-security-trail-enabled',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'none',
    risk: 'safe',
    reversible: 'yes',
    first: [
      'trail/multi-region',
      'trail/management-events',
      'trail/no-excluded-sources',
      'trail/log-file-validation',
      'trail/kms-encryption',
    ],
    operations: [],
  },

  evaluate({ snapshot, subject }) {
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      (covering) => {
        const { trail, selectors } = covering;
        // What is known to be missing decides, whatever cannot be read.
        if (lacking(covering).length > 0) return { ok: false };
        if (selectors.state === 'read' || selectors.state === 'absent') return { ok: true };
        return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
      },
      (logging) => {
        const ranked = logging
          .map((covering) => ({ ...covering, lacks: lacking(covering) }))
          .sort((a, b) => a.lacks.length - b.lacks.length || a.trail.TrailARN.localeCompare(b.trail.TrailARN));
        const [nearest] = ranked;
        if (nearest === undefined) return { reason: 'No logging trail covers this account.' };
        const { trail, lacks } = nearest;
        const others = ranked.length > 1 ? 'No single trail has it all; ' : '';
        return {
          reason: `${others}${trail.Name} lacks ${inWords(lacks.map(({ what }) => what))}.`,
          evidence: { nearest: trail.TrailARN, lacks: lacks.map(({ check }) => check) },
          notes: [`Mend it by ${inWords(lacks.map(({ check }) => check))} on ${trail.TrailARN}.`],
        };
      },
    );
    return whereCovered(judgement);
  },
});

interface Property {
  /** The check that mends it. */
  check: string;
  what: string;
  /** Of what could not be read nothing is said. */
  isMissing(covering: CoveringTrail): boolean;
}

const PROPERTIES: readonly Property[] = [
  { check: 'trail/multi-region', what: 'other regions', isMissing: ({ trail }) => !trail.IsMultiRegionTrail },
  {
    check: 'trail/global-service-events',
    what: 'global service events',
    isMissing: ({ trail }) => !trail.IncludeGlobalServiceEvents,
  },
  {
    check: 'trail/management-events',
    what: 'a part of the management events',
    isMissing: (covering) => isRead(covering) && !recordsAllManagement(recorded(selectorsOf(covering))),
  },
  {
    check: 'trail/no-excluded-sources',
    what: 'management events of some sources',
    isMissing: (covering) => isRead(covering) && leavesOut(covering),
  },
  {
    check: 'trail/log-file-validation',
    what: 'log file validation',
    isMissing: ({ trail }) => !trail.LogFileValidationEnabled,
  },
  { check: 'trail/kms-encryption', what: 'a KMS key', isMissing: ({ trail: { KmsKeyId = '' } }) => KmsKeyId === '' },
];

function lacking(covering: CoveringTrail): Property[] {
  return PROPERTIES.filter(({ isMissing }) => isMissing(covering));
}

function isRead({ selectors }: CoveringTrail): boolean {
  return selectors.state === 'read' || selectors.state === 'absent';
}

function leavesOut(covering: CoveringTrail): boolean {
  const { read, write } = recorded(selectorsOf(covering)).management;
  return read.covered === 'excluded' || write.covered === 'excluded';
}

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
