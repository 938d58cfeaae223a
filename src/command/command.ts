import type { z } from 'zod';

/** One option of a command: `--format json`, in Slack and in the terminal alike. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** What stands for the value in the usage line. */
  value?: string;
  description: string;
}

export type Options = { readonly [name: string]: OptionSpec };

/** Where the terminal face writes: data to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Colour and progress only on a terminal. */
  interactive: boolean;
  /** Settles on Ctrl-C or SIGTERM. Until a command asks for it, a signal simply ends the process. */
  stopped(): Promise<void>;
}

/** Who asks in Slack, and where. */
export interface Ask {
  userId: string;
  channelId: string;
  channelName: string;
}

/** What Slack answers at once: seen by the person who asked alone. */
export interface Reply {
  text: string;
  blocks?: readonly object[];
}

/**
 * One command, one file, one or two faces. `App` is what the composition root hands to commands; both faces take the
 * same arguments, parsed once by `args`.
 */
export interface Command<App, Args = unknown> {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What follows the name, for example `<environment|account>`. */
  usage: string;
  options: Options;
  /** Takes `{_: positionals, ...options}`. */
  args: z.ZodType<Args>;
  /** The word for the accounts it is about, where it takes one: whoever asks must be allowed to see them. */
  target?(args: Args): string | undefined;
  /** Gives the exit status. */
  terminal?(app: App, args: Args, terminal: Terminal): Promise<number>;
  slack?(app: App, args: Args, ask: Ask): Promise<Reply>;
}

/** Defines a command; the type of its arguments follows from `args`. */
export function defineCommand<App>() {
  return <Args>(command: Command<App, Args>): Command<App, Args> => command;
}
