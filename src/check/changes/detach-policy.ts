import type { Change } from '../plan.ts';

/** Who holds a managed policy. */
export interface Holder {
  /** `role/<name>`, `user/<name>` or `group/<name>`. */
  id: string;
  kind: 'role' | 'user' | 'group';
  name: string;
  /** Path of a role, for its ARN; `/` where it is not known. */
  path: string;
  policyArn: string;
}

const WORDS = { role: 'Role', user: 'User', group: 'Group' } as const;

/** iam:Detach…Policy on one holder; the way back attaches exactly the same policy to it. */
export function detachPolicy(partition: string, account: string, holder: Holder): Change {
  const { id, kind, name, path, policyArn } = holder;
  const word = WORDS[kind];
  const call = {
    account,
    region: '',
    resource: `arn:${partition}:iam::${account}:${kind}${path}${name}`,
    input: { [`${word}Name`]: name, PolicyArn: policyArn },
  };
  const policy = policyArn.slice(policyArn.lastIndexOf('/') + 1);
  return {
    ...call,
    operation: `iam:Detach${word}Policy`,
    summary: `Detach ${policy} from the ${kind} ${name}.`,
    target: `iam.fullAccess:${account}`,
    expect: { [id]: policyArn },
    result: { [id]: null },
    undo: {
      ...call,
      operation: `iam:Attach${word}Policy`,
      summary: `Attach ${policy} to the ${kind} ${name} again.`,
      automatic: true,
    },
  };
}
