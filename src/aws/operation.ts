/** Where a call is made, for the ARNs of what it needs. */
export interface Where {
  account: string;
  region: string;
  partition: string;
  /** The ARN the call acts on, where the input does not tell all of it (an IAM path, the key behind an alias). */
  resource?: string;
  /** The trail belongs to the organization: CloudTrail asks more of the caller. */
  organizationTrail?: boolean;
}

/** One IAM permission that a call needs. */
export interface Permission {
  action: string;
  resource: string;
  condition?: Record<string, Record<string, string>>;
}

/** How a list is paged: the member of the input that takes what the member of the output gave. */
export interface Paging {
  input: string;
  output: string;
}

/** What every command of the SDK has in common. */
export interface SdkCommand<Input extends object, Output extends object> {
  readonly input: Input;
  resolveMiddleware(stack: never, configuration: never, options: never): (sent: never) => Promise<{ output: Output }>;
}

export type Kind = 'read' | 'lookup' | 'write';

/** What the tables tell of an operation beside its command. All are methods, so that a narrower input fits the table. */
export interface Needs<Input extends object> {
  /** IAM actions, the first one for the call itself; absent: `<service>:<operation>`. */
  actions?: readonly string[];
  /** ARNs the call acts on; absent: IAM knows no resource for it (`*`). */
  on?(input: Input, where: Where): readonly string[];
  /** Permissions beyond the call's own: what AWS calls dependent actions. */
  also?(input: Input, where: Where): readonly Permission[];
  /** The input with which `also` gives most of all that plans send; absent: one without members. */
  fullest?(): Input;
  condition?(input: Input): Permission['condition'];
  page?: Paging;
}

/** One AWS operation: how to build it, whether it changes anything, what it needs. */
export interface Operation<Input extends object = object, Output extends object = object> extends Needs<Input> {
  kind: Kind;
  build(input: Input): SdkCommand<Input, Output>;
}

type CommandClass<Input extends object, Output extends object> = new (input: Input) => SdkCommand<Input, Output>;

function operation<Input extends object, Output extends object>(
  kind: Kind,
  Command: CommandClass<Input, Output>,
  needs: Needs<Input> = {},
): Operation<Input, Output> {
  return { ...needs, kind, build: (input) => new Command(input) };
}

/** An operation that changes nothing. */
export const read = <Input extends object, Output extends object>(
  Command: CommandClass<Input, Output>,
  needs?: Needs<Input>,
) => operation('read', Command, needs);

/** A read with a far lower quota (LookupEvents: 2 a second). */
export const lookup = <Input extends object, Output extends object>(
  Command: CommandClass<Input, Output>,
  needs?: Needs<Input>,
) => operation('lookup', Command, needs);

/** An operation that changes something; a reader session refuses it. */
export const write = <Input extends object, Output extends object>(
  Command: CommandClass<Input, Output>,
  needs?: Needs<Input>,
) => operation('write', Command, needs);

/** What all operations of one service share. `Client` is built per identity and region. */
export interface Service {
  createClient(config: object): SdkClient;
  /** One endpoint for all regions. */
  global: boolean;
  operations: { readonly [name: string]: Operation };
}

export interface SdkClient {
  send(command: object): Promise<object>;
  middlewareStack: {
    addRelativeTo(middleware: Middleware, place: { relation: 'after'; toMiddleware: string; name: string }): void;
  };
}

/** Stands around what comes next. `commandName` is `DescribeTrailsCommand`. */
export type Middleware = <Args, Result>(
  next: (args: Args) => Promise<Result>,
  context: { commandName?: string },
) => (args: Args) => Promise<Result>;

export const NEXT_TOKEN: Paging = { input: 'NextToken', output: 'NextToken' };
