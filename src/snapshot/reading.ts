import type { InputOf, OperationName, OutputOf } from '../aws/operations/table.ts';
import type { Session } from '../aws/session.ts';
import { PARTS } from './catalogue.ts';
import { emptySnapshot } from './empty.ts';
import type { Limiter } from './limit.ts';
import { partFrom, read } from './part.ts';
import type { Part, PartKey, PartName, Snapshot } from './types.ts';

/** Sessions that can only read: one per account. */
export interface ReaderSource {
  reader(account: string, onCall?: () => void): Pick<Session, 'call' | 'pages'>;
}

/** Where a call is made. */
export interface Place {
  account: string;
  region: string;
}

/** `<account>/<region>` taken apart. */
export function splitPlace(key: string): Place {
  const [account = '', region = ''] = key.split('/');
  return { account, region };
}

/** Where things may be found, beyond what their names say. */
export interface Surroundings {
  partition: string;
  /** Region for calls that could go anywhere. */
  home: string;
  /** Accounts of the environment. */
  scope: readonly string[];
  /** Every other account known by the configuration; owners of shared buckets are looked for here too. */
  known: readonly string[];
  /** Look into these regions only. */
  regions?: readonly string[] | undefined;
  /** Where AWS Organizations is read: the management account or a delegated administrator. */
  organizationAccount?: string | undefined;
  archive?: { readonly bucket: string; readonly account: string } | undefined;
}

/**
 * One reading of an estate: every part is read once, however many ask for it, and every part may ask for others, so that
 * what does not depend on each other runs side by side.
 */
export interface Reading {
  readonly around: Surroundings;
  /** Things that a person should know about how this was read. */
  readonly notes: Set<string>;
  part<Name extends PartName>(name: Name, key: string): Promise<Snapshot[Name][string]>;
  /** One call. Never throws: what went wrong is the part. */
  ask<Name extends OperationName>(name: Name, place: Place, input: InputOf<Name>): Promise<Part<OutputOf<Name>>>;
  /** All pages of a list. */
  askAll<Name extends OperationName>(name: Name, place: Place, input: InputOf<Name>): Promise<Part<OutputOf<Name>[]>>;
  /** Like `ask`, with the error itself for those who have to look into it. */
  attempt<Name extends OperationName>(
    name: Name,
    place: Place,
    input: InputOf<Name>,
  ): Promise<{ part: Part<OutputOf<Name>>; error?: unknown }>;
  /** Remembers who uses a thing whose name does not tell where it lies (a bucket, a key alias). */
  use(key: PartKey, by: Place): void;
  users(key: PartKey): readonly Place[];
  /** A value of this reading's own life, made once: batches, for example. */
  once<T>(key: string, make: () => T): T;
}

export interface OpenReading extends Reading {
  /** The parts that have settled so far. */
  readonly found: PartMaps;
  /** Calls made so far, those to enter accounts included; a page is a call. */
  calls(): number;
}

type PartValue<Name extends PartName> = Snapshot[Name][string];
/** All parts of a snapshot, in a form that can be gone through by name. */
export type PartMaps = { [Name in PartName]: { [key: string]: PartValue<Name> } };

export function openReading({
  source,
  around,
  limiter,
  keep,
  onChange = () => undefined,
}: {
  source: ReaderSource;
  around: Surroundings;
  limiter: Limiter;
  /** What is known already and not read again. */
  keep?: PartMaps | undefined;
  onChange?: ((change: 'asked' | 'settled') => void) | undefined;
}): OpenReading {
  const asked = new Map<PartKey, Promise<void>>();
  const found: PartMaps = emptySnapshot('', around.partition);
  const made = new Map<string, unknown>();
  const usedBy = new Map<PartKey, Place[]>();
  /** The error with which an account refused to be entered: one attempt an account is enough. */
  const closed = new Map<string, Error>();
  let calls = 0;
  const count = () => {
    calls += 1;
  };

  async function attempt<T>(
    name: OperationName,
    { account, region }: Place,
    work: (session: ReturnType<ReaderSource['reader']>) => Promise<T>,
  ): Promise<{ part: Part<T>; error?: unknown }> {
    const lane = `${account}/${region}`;
    try {
      const value = await limiter.run(lane, async () => {
        const shut = closed.get(account);
        if (shut !== undefined) throw shut;
        return await work(source.reader(account, count));
      });
      return { part: read(value) };
    } catch (error) {
      const part = partFrom(error, name, account);
      if (part.state === 'throttled') limiter.slowDown(lane);
      if (part.state === 'unreachable' && error instanceof Error) closed.set(account, error);
      return { part, error };
    }
  }

  async function readPart<Name extends PartName>(name: Name, key: string): Promise<void> {
    const parts: { [key: string]: PartValue<Name> } = found[name];
    const kept = keep?.[name][key];
    if (kept !== undefined) {
      parts[key] = kept;
      return;
    }
    onChange('asked');
    parts[key] = await PARTS[name].read(reading, key);
    onChange('settled');
  }

  const reading: OpenReading = {
    around,
    notes: new Set(),
    found,
    async part<Name extends PartName>(name: Name, key: string) {
      const id: PartKey = `${name}:${key}`;
      const reads = asked.get(id) ?? readPart(name, key);
      asked.set(id, reads);
      await reads;
      const part = found[name][key];
      if (part === undefined) throw new Error(`${id} was read and is not there`);
      return part;
    },
    async ask(name, place, input) {
      return (await this.attempt(name, place, input)).part;
    },
    attempt: (name, place, input) => attempt(name, place, (session) => session.call(name, place.region, input)),
    async askAll<Name extends OperationName>(name: Name, place: Place, input: InputOf<Name>) {
      const { part } = await attempt(name, place, async (session) => {
        const pages: OutputOf<Name>[] = [];
        for await (const page of session.pages(name, place.region, input)) pages.push(page);
        return pages;
      });
      return part;
    },
    use(key, by) {
      usedBy.set(key, [...(usedBy.get(key) ?? []), by]);
    },
    users: (key) => usedBy.get(key) ?? [],
    once<T>(key: string, make: () => T): T {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as T;
    },
    calls: () => calls,
  };
  return reading;
}
