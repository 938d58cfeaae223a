import { beforeAll, describe, expect, test } from 'vitest';
import {
  ACCELERATOR_ACCOUNTS,
  ACCELERATOR_BUCKET,
  ACCELERATOR_KEY,
  acceleratorEstate,
} from '../../src/sandbox/aws/estates/landing-zone-accelerator.ts';
import { keyIn } from '../fixes/estate.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';

const { management, archive } = ACCELERATOR_ACCOUNTS;
const GROUP = 'aws-accelerator-cloudtrail-logs';

describe('an estate of the Landing Zone Accelerator', () => {
  let scanned: ScannedEstate;
  beforeAll(async () => {
    scanned = await scanEstate(acceleratorEstate());
  });

  test('fails where its configuration leaves something open, and nowhere else', () => {
    expect(failing(scanned.findings)).toEqual({
      'bucket/mfa-delete': [ACCELERATOR_BUCKET],
      'bucket/object-lock': [ACCELERATOR_BUCKET],
      'bucket/replication': [ACCELERATOR_BUCKET],
      // It records the data events of every bucket, the one it delivers to as well.
      'data-events/no-log-loop': [management, archive],
      'log-group/deletion-protection': [GROUP],
    });
    expect(verdicts(scanned.findings, 'unknown')).toEqual({});
  });

  test('alarms are the business of the SIEM that the configuration names', () => {
    const alarms = scanned.findings.filter(({ check }) => check.startsWith('alarm/'));
    expect(new Set(alarms.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  });

  test('nothing is changed by a button; the text names whose it is', () => {
    expect(scanned.plans).toEqual([]);
    const reasons = scanned.offers.map(({ offer }) => (offer.kind === 'plan' ? '' : (offer.reason ?? '')));
    expect(reasons.length).toBeGreaterThan(3);
    for (const reason of reasons) expect(reason).toContain('belongs to the Landing Zone Accelerator');
  });
});

test('its key has a name like any other: the stack that made it is told by its tags', async () => {
  const world = acceleratorEstate();
  keyIn(world.estate, ACCELERATOR_KEY).rotation = false;
  const scanned = await scanEstate(world, { only: ['key/rotation'] });
  expect(scanned.offers).toMatchObject([
    {
      finding: { account: management, verdict: 'fail' },
      offer: {
        kind: 'manual',
        reason: expect.stringContaining(
          `belongs to the CloudFormation stack AWSAccelerator-LoggingStack-${management}`,
        ),
      },
    },
  ]);
});
