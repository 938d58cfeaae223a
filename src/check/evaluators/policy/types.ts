/** A statement as AWS holds it; kept beside the parsed one so that it can be put back exactly as read. */
export type RawStatement = Readonly<Record<string, unknown>>;

/** A policy document as AWS takes it. */
export type RawPolicy = Readonly<Record<string, unknown>> & { readonly Statement: readonly RawStatement[] };

export type PrincipalKind = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** `Principal: "*"` and `{AWS: "*"}` are the same and both parse to `{kind: 'AWS', id: '*'}`. */
export type PrincipalId = { readonly kind: PrincipalKind; readonly id: string };

/** A list, or with `not` everything but it (NotAction, NotResource, NotPrincipal). */
export type Listed<T> = { readonly not: boolean; readonly values: readonly T[] };

export type Condition = {
  /** Lower case, without set prefix and IfExists: `stringequals`, `arnlike`, `null`, … */
  readonly operator: string;
  readonly set: 'any' | 'all' | undefined;
  readonly ifExists: boolean;
  /** Lower case; condition keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
};

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined in identity policies, where the holder is the principal. */
  readonly principal: Listed<PrincipalId> | undefined;
  readonly action: Listed<string>;
  /** Undefined in trust policies, where the role is the resource. */
  readonly resource: Listed<string> | undefined;
  readonly conditions: readonly Condition[];
  readonly raw: RawStatement;
};

export type PolicyDocument = {
  readonly version: string;
  readonly statements: readonly Statement[];
  readonly raw: RawPolicy;
};

/** Why a text is no policy, said for a person. */
export type PolicyError = { readonly problem: string };

/** Three-valued: `maybe` where a value that decides is not known. */
export type Verdict = 'yes' | 'no' | 'maybe';
