import type { Authorization, AuthorizationPrincipal } from '../snapshot/types.ts';
import { globMatch } from './evaluators/glob.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';

/** Where a policy comes from, for people and for the calls that change it. */
export interface PolicySource {
  name: string;
  document: PolicyDocument;
  kind: 'customer' | 'aws' | 'inline';
  /** ARN of a managed policy. */
  arn?: string;
  /** Who holds it: the principal itself, or a group it is in. */
  holder: Pick<AuthorizationPrincipal, 'kind' | 'name'>;
}

/** A role or user with all its policies, those of its groups too. */
export interface Identity {
  id: string;
  principal: AuthorizationPrincipal;
  policies: PolicySource[];
  /** `allowed`: the settings name it; `own`: a role of this program or of the landing zone. */
  standing: 'allowed' | 'own' | 'outsider';
}

/** What no finding on identities looks at. */
export const NOT_COMPUTED =
  'Permissions boundaries and policies of the organization are not computed: they may narrow this further.';

/**
 * Everybody who can act in an account: users, and roles that no AWS service keeps for itself. `unreadable` are policies
 * that are no JSON, by the name of their holder; what they say is not known.
 */
export function identitiesIn(
  authorization: Authorization,
  allowed: readonly string[],
  own: readonly string[],
): { identities: Identity[]; unreadable: string[] } {
  const unreadable = new Set<string>();
  const groups = new Map(
    authorization.principals.filter(({ kind }) => kind === 'group').map((group) => [group.name, group]),
  );
  const identities = authorization.principals
    .filter(({ kind, arn }) => kind !== 'group' && !arn.includes(':role/aws-service-role/'))
    .map((principal): Identity => {
      const holders = [principal, ...principal.groups.flatMap((name) => groups.get(name) ?? [])];
      return {
        id: `${principal.kind}/${principal.name}`,
        principal,
        policies: holders.flatMap((holder) => policiesOf(holder, authorization.managed, unreadable)),
        standing: standingOf(principal, allowed, own),
      };
    });
  return { identities, unreadable: [...unreadable] };
}

function policiesOf(
  { kind, name, inline, attached }: AuthorizationPrincipal,
  managed: Authorization['managed'],
  unreadable: Set<string>,
): PolicySource[] {
  const holder = { kind, name };
  const inlines = Object.entries(inline).map(([policy, text]) => ({ name: policy, text, kind: 'inline' as const }));
  const attachments = attached.flatMap((arn) => {
    const text = managed[arn]?.text;
    if (text === undefined) return [];
    return [
      {
        name: arn.slice(arn.lastIndexOf('/') + 1),
        text,
        arn,
        kind: ofAws(arn) ? ('aws' as const) : ('customer' as const),
      },
    ];
  });
  return [...inlines, ...attachments].flatMap(({ text, ...source }) => {
    const document = parsePolicy(text);
    if (!isPolicyError(document)) return [{ ...source, document, holder }];
    unreadable.add(`${source.name} of ${kind}/${name}`);
    return [];
  });
}

function ofAws(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:/.test(arn);
}

function standingOf(
  { kind, name, arn }: AuthorizationPrincipal,
  allowed: readonly string[],
  own: readonly string[],
): Identity['standing'] {
  if (allowed.some((glob) => [name, `${kind}/${name}`, arn].some((it) => globMatch(glob, it)))) return 'allowed';
  return kind === 'role' && own.some((glob) => globMatch(glob, name)) ? 'own' : 'outsider';
}
