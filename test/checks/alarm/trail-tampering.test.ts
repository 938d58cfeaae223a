import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/trail-tampering.ts';
import type { Part, Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, denied, read, withPart } from '../../support/snapshot.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventSource = cloudtrail.amazonaws.com) && (($.eventName = PutEventSelectors) || ($.eventName = PutInsightSelectors) || ($.eventName = PutEventConfiguration) || ($.eventName = RegisterOrganizationDelegatedAdmin) || ($.eventName = DeregisterOrganizationDelegatedAdmin) || ($.eventName = StopEventDataStoreIngestion) || ($.eventName = UpdateEventDataStore) || ($.eventName = DeleteEventDataStore)) }';
const family = { check, cis: CIS };

alarmFamily(family);

const FIVE = CIS.replace(/ \|\| \(\$\.eventName = \w*EventDataStore\w*\)/g, '');
const STORES = ['us-east-1', 'eu-west-1'].map((region) => `${ACCOUNT}/${region}`);
const [HERE = '', THERE = ''] = STORES;

function stores(here: Part<string[]>, there: Part<string[]>) {
  return (snapshot: Snapshot) =>
    withPart(withPart(snapshot, 'account.eventDataStores', HERE, here), 'account.eventDataStores', THERE, there);
}

describe('alarm/trail-tampering', () => {
  it('The events as part of a broader filter: pass', () => {
    expect(judged(family, '{ $.eventSource = cloudtrail.amazonaws.com }').verdict).toBe('pass');
  });

  it('Event data store calls missing in an account without stores: pass', () => {
    expect(FIVE).not.toContain('EventDataStore');
    expect(judged({ ...family, prepare: stores(read([]), read([])) }, FIVE).verdict).toBe('pass');
  });

  it('Event data store calls missing in an account with a store: fail', () => {
    const store = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:eventdatastore/1`;
    expect(judged({ ...family, prepare: stores(read([]), read([store])) }, FIVE)).toMatchObject({
      verdict: 'fail',
      evidence: { missed: ['DeleteEventDataStore', 'StopEventDataStoreIngestion', 'UpdateEventDataStore'] },
    });
  });

  it('is unknown where they are missing and stores could not be listed', () => {
    const part = denied('cloudtrail:ListEventDataStores', ACCOUNT);
    expect(judged({ ...family, prepare: stores(read([]), part) }, FIVE)).toMatchObject({
      verdict: 'unknown',
      missingPermission: 'cloudtrail:ListEventDataStores',
    });
  });

  it('Own changes of this bot set it off: expected, the message carries the fix id as session name', () => {
    expect(judged(family, CIS).notes).toEqual([expect.stringContaining('session name')]);
  });
});
