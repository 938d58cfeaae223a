import type { Snapshot } from '../snapshot/types.ts';
import type { Party } from './bucket-parties.ts';
import { partOf } from './check.ts';
import { decide } from './evaluators/policy/decide.ts';
import type { PolicyDocument, Statement } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { accountOf } from './subject.ts';

export type PartySnapshot = Pick<Snapshot, 'partition' | 'organization' | 'organization.accounts'>;

/** Somebody whom no exception names, so that a Deny which spares a few is seen to hit everybody else. */
const NOBODY = 'role/nobody-in-particular';
const NOWHERE = '000000000000';

/**
 * Does the policy certainly deny a party the action on the resource? Asked for somebody of it whom no statement names,
 * and for everyone of it whom a Deny spares, those left out whom `expected` accepts.
 */
export function isDenied(
  policy: PolicyDocument,
  party: Party,
  action: string,
  resource: string,
  snapshot: PartySnapshot,
  expected: (arn: string) => boolean,
): boolean {
  const probes = probesOf(party, policy, snapshot, expected);
  return (
    probes.length > 0 &&
    probes.every(({ arn, organization }) => {
      const context = {
        'aws:principalarn': [arn],
        'aws:principalaccount': [accountOf(arn)],
        'aws:principalorgid': organization,
        'aws:principalisawsservice': ['false'],
        'aws:securetransport': ['true'],
        's3:tlsversion': ['1.3'],
      };
      return decide(policy, { principal: { aws: arn }, action, resource, context }).effect === 'deny';
    })
  );
}

interface Probe {
  arn: string;
  /** Ids of its organization; empty for none, undefined where it is not known. */
  organization: readonly string[] | undefined;
}

function probesOf(
  party: Party,
  policy: PolicyDocument,
  snapshot: PartySnapshot,
  expected: (arn: string) => boolean,
): Probe[] {
  const anybody = (account: string) => `arn:${snapshot.partition}:iam::${account}:${NOBODY}`;
  const organizationOf = (account: string) => {
    const id = organizationIdOf(snapshot, account);
    return id === undefined ? undefined : id === null ? [] : [id];
  };
  const spared = (fits: (account: string) => boolean, account: string) =>
    policy.statements
      .flatMap(sparedBy)
      .map((pattern) => concrete(pattern, account, snapshot.partition))
      .filter((arn) => fits(accountOf(arn)) && !expected(arn));
  switch (party.kind) {
    case 'principal':
      return [{ arn: party.arn, organization: organizationOf(accountOf(party.arn)) }];
    case 'account': {
      const arns = [anybody(party.id), ...spared((account) => account === party.id, party.id)];
      return arns.map((arn) => ({ arn, organization: organizationOf(party.id) }));
    }
    case 'organization': {
      const arns = [anybody(NOWHERE), ...spared(() => true, NOWHERE)];
      return arns.map((arn) => ({ arn, organization: [party.id] }));
    }
    case 'everyone': {
      const own = partOf(snapshot.organization, 'organization');
      // Somebody from nowhere and a colleague: a Deny of other organizations leaves the second one in.
      const organizations = own.state === 'read' ? [[], [own.value.Id]] : [[]];
      const arns = [anybody(NOWHERE), ...spared(() => true, NOWHERE)];
      return arns.flatMap((arn) => organizations.map((organization) => ({ arn, organization })));
    }
    default:
      return [];
  }
}

/** Patterns of ARNs, or accounts, that a Deny leaves out. */
function sparedBy({ effect, principal, conditions }: Statement): readonly string[] {
  if (effect !== 'Deny') return [];
  const named = principal?.not ? principal.values.filter(({ kind }) => kind === 'AWS').map(({ id }) => id) : [];
  const excepted = conditions
    .filter(({ key, operator }) => /^aws:principal(arn|account)$/.test(key) && operator.includes('not'))
    .flatMap(({ values }) => values);
  return [...named, ...excepted];
}

/** One ARN out of a pattern; an account stands for somebody in it. */
function concrete(pattern: string, account: string, partition: string): string {
  const whole = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(pattern)?.[1];
  if (whole !== undefined) return `arn:${partition}:iam::${whole}:${NOBODY}`;
  const [, , service = 'iam', , owner = '', ...resource] = pattern.split(':');
  const id = /^\d{12}$/.test(owner) ? owner : account;
  const name = resource.join(':').replaceAll(/[*?]+/g, 'any');
  return `arn:${partition}:${service.replaceAll(/[*?]+/g, 'iam')}::${id}:${name === '' || name === 'any' ? NOBODY : name}`;
}
