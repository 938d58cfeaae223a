import { decide } from './evaluators/policy/decide.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';

/** A caller with temporary credentials says `false`; one with lasting keys says nothing, which `Bool` does not catch. */
const WITHOUT_MFA = [
  { 'aws:multifactorauthpresent': ['false'], 'aws:multifactorauthage': [] },
  { 'aws:multifactorauthpresent': [], 'aws:multifactorauthage': [] },
];

/**
 * Does a bucket policy keep everybody without MFA from deleting versions of objects and from changing versioning?
 * A Deny that spares somebody does not count.
 */
export function deniesDeletionWithoutMfa(policy: PolicyDocument, bucketArn: string): boolean {
  const asked = [
    { action: 's3:DeleteObjectVersion', resource: `${bucketArn}/*` },
    { action: 's3:PutBucketVersioning', resource: bucketArn },
  ];
  return asked.every((request) =>
    WITHOUT_MFA.every((context) => {
      const { effect, statements } = decide(policy, { ...request, context, principal: { anyone: true } });
      return effect === 'deny' && statements.some((index) => policy.statements[index]?.principal?.not === false);
    }),
  );
}
