/** A basic event selector, in the words of the CloudTrail API, so that a set can be put back as it was read. */
export type BasicSelector = {
  readonly ReadWriteType?: string | undefined;
  readonly IncludeManagementEvents?: boolean | undefined;
  readonly DataResources?:
    | readonly { readonly Type?: string | undefined; readonly Values?: readonly string[] | undefined }[]
    | undefined;
  readonly ExcludeManagementEventSources?: readonly string[] | undefined;
};

export const OPERATORS = ['Equals', 'StartsWith', 'EndsWith', 'NotEquals', 'NotStartsWith', 'NotEndsWith'] as const;
export type Operator = (typeof OPERATORS)[number];

export type FieldSelector = { readonly Field: string | undefined } & {
  readonly [operator in Operator]?: readonly string[] | undefined;
};

export type AdvancedSelector = {
  readonly Name?: string | undefined;
  readonly FieldSelectors: readonly FieldSelector[] | undefined;
};

/**
 * The selectors of one trail. GetEventSelectors gives one kind or the other, never both; neither means that nothing
 * was ever set and the default applies: all management events, no data events.
 */
export type TrailSelectors = {
  readonly eventSelectors?: readonly BasicSelector[] | undefined;
  readonly advancedEventSelectors?: readonly AdvancedSelector[] | undefined;
};

export type Mode = 'read' | 'write';
export type Category = 'Management' | 'Data' | 'NetworkActivity';
