import type { z } from 'zod';
import type { LogLevel } from '../ops/logger.ts';
import type { policy } from './schema/approval.ts';
import type { fileSchema } from './schema/file.ts';

export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

type FileConfig = z.output<ReturnType<typeof fileSchema>>;

/** Read from environment variables only; left out of the hash. */
export interface Secrets {
  slackBotToken?: string;
  slackAppToken?: string;
  slackSigningSecret?: string;
  databaseUrl?: string;
  /** 32 bytes as base64 or hex: what secrets of one-time codes are encrypted with. */
  stepUpKey?: string;
}

/** The validated configuration, frozen to the bottom. Durations are milliseconds, `store.dataDir` is absolute. */
export type Config = DeepReadonly<
  Omit<FileConfig, 'aws' | 'slack'> & {
    aws: FileConfig['aws'] & { region: string };
    slack: FileConfig['slack'] & { apiUrl?: string };
    logLevel: LogLevel;
    secrets: Secrets;
  }
>;

export type EnvironmentConfig = Config['environments'][string];
export type AwsConfig = Config['aws'];
/** What any approval policy may say; only what it says. `expires` is in milliseconds. */
export type ApprovalPolicy = DeepReadonly<z.output<typeof policy>>;
/** `approval`: `default` is complete but for `request` and `direct`; `rules` are in the order of the file. */
export type ApprovalConfig = Config['approval'];
export type ExemptionConfig = Config['exemptions'][number];
