import type { Account, RegionalState } from './types.ts';

/** What an account has in one region; made empty on first use. */
export function regionOf(account: Account, region: string): RegionalState {
  const known = account.regional.get(region);
  if (known) return known;
  const fresh: RegionalState = {
    trails: new Map(),
    keys: new Map(),
    aliases: new Map(),
    logGroups: new Map(),
    alarms: new Map(),
    muteRules: new Map(),
    topics: new Map(),
    configRules: new Map(),
    recorders: new Map(),
    deliveryChannels: new Map(),
    eventDataStores: new Map(),
    logResourcePolicies: new Map(),
    links: new Map(),
    hub: undefined,
  };
  account.regional.set(region, fresh);
  return fresh;
}
