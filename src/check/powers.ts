import type { AuthorizationPrincipal, JsonObject } from '../snapshot/types.ts';
import type { Context } from './evaluators/policy/conditions.ts';
import { allowances, isAdministration } from './evaluators/policy/identity.ts';
import type { Identity, PolicySource } from './identities.ts';

/** What an identity may do of what was asked, and the policies that let it. */
export interface Power {
  identity: Identity;
  actions: string[];
  /** `conditional`: only under conditions that cannot be decided here. */
  granted: { source: PolicySource; conditional: boolean }[];
}

export interface Question {
  asked: readonly { action: string; resource: string }[];
  /** A statement that meets a part of a resource asked for counts as well. */
  part?: boolean;
  /** Policies of AWS are not counted among those that allow. */
  customersOnly?: boolean;
  ignoreAdministrators: boolean;
}

/** What the policies of an identity let it do of all that is asked; undefined where they let it do none. */
export function powerOf(identity: Identity, question: Question): Power | undefined {
  const { asked, part = false, customersOnly = false, ignoreAdministrators } = question;
  const context = callerContext(identity.principal);
  const found = asked.flatMap(({ action, resource }) =>
    allowances(
      identity.policies,
      { action, resource, context },
      {
        part,
        skip: ({ kind }, statement) =>
          (customersOnly && kind === 'aws') || (ignoreAdministrators && isAdministration(statement)),
      },
    ).map((allowance) => ({ action, ...allowance })),
  );
  if (found.length === 0) return undefined;
  const granted = new Map<PolicySource, boolean>();
  for (const { policy, conditional } of found) granted.set(policy, (granted.get(policy) ?? true) && conditional);
  return {
    identity,
    actions: [...new Set(found.map(({ action }) => action))],
    granted: [...granted].map(([source, conditional]) => ({ source, conditional })),
  };
}

/** A power as evidence. */
export function describePower({ identity: { id }, actions, granted }: Power): JsonObject {
  return {
    principal: id,
    actions,
    policies: granted.map(({ source: { name, holder, kind } }) =>
      holder.kind === 'group' ? `${name} (group/${holder.name})` : kind === 'inline' ? `${name} (inline)` : name,
    ),
    ...(granted.every(({ conditional }) => conditional) ? { conditional: true } : {}),
  };
}

/** `role/ci by deploy, and 2 more`. */
export function powersInWords(powers: readonly Power[]): string {
  const [first, ...more] = powers;
  if (first === undefined) return 'nobody';
  const names = [...new Set(first.granted.map(({ source }) => source.name))].join(', ');
  return `${first.identity.id} by ${names}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

/** Roles of this program and of the landing zone that have a power, said as such. */
export function ownNotes(powers: readonly Power[]): string[] {
  return powers.flatMap(({ identity: { id, standing } }) =>
    standing === 'own' ? [`${id} is a role of this bot or of the landing zone and is allowed to.`] : [],
  );
}

/** The policies behind powers, each once, with those who may keep what it gives. Policies of nobody outside are left out. */
export function sourcesOf(powers: readonly Power[]): { source: PolicySource; keepers: string[] }[] {
  const sources = new Map<string, { source: PolicySource; keepers: Set<string>; outside: boolean }>();
  for (const { identity, granted } of powers) {
    for (const { source } of granted) {
      const holder = `${source.holder.kind}/${source.holder.name}`;
      // A policy of AWS is detached from each holder; one of the customer is narrowed once for all of them.
      const key = source.kind === 'customer' ? (source.arn ?? '') : `${holder}/${source.name}`;
      const known = sources.get(key) ?? { source, keepers: new Set(), outside: false };
      if (identity.standing === 'outsider') known.outside = true;
      else known.keepers.add(identity.id);
      sources.set(key, known);
    }
  }
  return [...sources.values()]
    .filter(({ outside }) => outside)
    .map(({ source, keepers }) => ({ source, keepers: [...keepers] }));
}

/** The condition keys of a call that is known of its caller alone; everything else about it stays open. */
export function callerContext({ arn, name, kind }: AuthorizationPrincipal): Context {
  const account = arn.split(':')[4] ?? '';
  return {
    'aws:principalarn': [arn],
    'aws:principalaccount': [account],
    'aws:principalisawsservice': ['false'],
    'aws:securetransport': ['true'],
    ...(kind === 'user'
      ? { 'aws:username': [name], 'aws:principaltype': ['User'] }
      : { 'aws:principaltype': ['AssumedRole'] }),
  };
}
