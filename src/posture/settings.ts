import type { EstateSettings } from '../check/check.ts';
import type { Config } from '../config/config.ts';
import type { AnyCheck } from './catalogue.ts';
import type { SettingsFor } from './evaluate.ts';

/** Role names that are ours or a landing zone's, allowed in every iam/* check (decision 8). */
const LANDING_ZONE_ROLES = ['AWSControlTowerExecution', 'stacksets-exec-*'];

/** What checks may lean on across the estate. */
export function estateSettings(config: Config): EstateSettings {
  const own = [config.aws.reader?.role, config.aws.fixer?.role].flatMap((role) => role?.split('/').at(-1) ?? []);
  return {
    ...(config.archive === undefined ? {} : { archive: config.archive }),
    keys: config.keys,
    monitor: config.monitor,
    ownRoles: [...own, ...LANDING_ZONE_ROLES],
    ...(config.aws.fixer?.boundary === undefined ? {} : { boundary: config.aws.fixer.boundary }),
  };
}

/**
 * Settings of a check for an account: one value for each environment that holds it, so that the strictest verdict can
 * stand (decision 3); the estate-wide value where none does.
 */
export function settingsFor(config: Config, environmentsOf: (account: string) => readonly string[]): SettingsFor {
  const cache = new Map<string, unknown>();
  const parsed = (check: AnyCheck, environment: string | undefined) => {
    const key = `${check.id} ${environment ?? ''}`;
    if (!cache.has(key)) {
      const own = environment === undefined ? {} : config.environments[environment]?.settings?.[check.id];
      cache.set(key, check.settings.parse({ ...config.checks[check.id], ...own }));
    }
    return cache.get(key);
  };
  return (check, account) => {
    const environments = environmentsOf(account);
    return environments.length === 0 ? [parsed(check, undefined)] : environments.map((name) => parsed(check, name));
  };
}
