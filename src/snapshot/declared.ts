import type { Config } from '../config/config.ts';

/** Resources that the configuration names and plans are made with; they are read though no trail uses them. */
export interface Declared {
  /** Buckets of which all is read. */
  buckets: { name: string; account?: string }[];
  /** Buckets that receive access logs, or what AWS Config records. */
  targets: string[];
  keys: string[];
  topics: string[];
}

/** What the archive, the keys and the settings of checks name. */
export function declaredIn(config: Pick<Config, 'archive' | 'keys' | 'checks' | 'environments'>): Declared {
  const settings = [config.checks, ...Object.values(config.environments).map((environment) => environment.settings)];
  const of = (check: string, setting: string): unknown[] => settings.map((checks) => checks?.[check]?.[setting]);
  const everywhere = (setting: string): unknown[] =>
    settings.flatMap((checks) => Object.values(checks ?? {}).map((check) => check[setting]));
  const archive =
    config.archive === undefined ? [] : [{ name: config.archive.bucket, account: config.archive.account }];
  const destinations = unique(of('trail/expected-destination', 'buckets').flatMap(texts));
  return {
    buckets: [...archive, ...destinations.filter((name) => name !== config.archive?.bucket).map((name) => ({ name }))],
    targets: unique([
      ...of('bucket/access-logging', 'target_by_region').flatMap(texts),
      ...of('config/recorder', 'bucket').filter(isText),
    ]),
    keys: unique([...Object.values(config.keys), ...everywhere('key_by_region').flatMap(texts)]),
    topics: unique(everywhere('topic_arn').filter(isText)),
  };
}

/** The texts in a map or list; settings are checked by their check, so anything else is left out here. */
function texts(map: unknown): string[] {
  return typeof map === 'object' && map !== null ? Object.values(map).filter(isText) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
