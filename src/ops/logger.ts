import { destination as fileDestination, pino, stdTimeFunctions } from 'pino';
import { prettyLine } from './pretty.ts';
import { redact, redactValue } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

interface LogMethod {
  (fields: object, message: string): void;
  (message: string): void;
}

/** What the rooms log with: a static message, preceded by structured fields. Errors go under `err`. */
export interface Logger {
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  child(fields: object): Logger;
}

export interface LoggerOptions {
  level: LogLevel;
  /** Where lines go; standard error unless told, because standard output is for data. */
  destination?: { write(line: string): unknown };
  /** One readable line instead of JSON, for a terminal. */
  pretty?: boolean;
}

/** A logger from which no secret comes out, whether given by key, inside a text, or in an error. */
export function createLogger({ level, destination = fileDestination(2), pretty = false }: LoggerOptions): Logger {
  const scrub = (fields: object) => Object.fromEntries(Object.entries(redactValue({ ...fields }) ?? {}));
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      // pino's own redaction works on fixed paths; secrets turn up at any depth.
      formatters: { level: (label) => ({ level: label }), bindings: scrub, log: scrub },
      serializers: { err: (error: unknown) => error },
      // The message of an error becomes `msg` without passing a formatter, so the finished line is looked at too.
      hooks: { streamWrite: redact },
    },
    { write: (line) => void destination.write(pretty ? prettyLine(line) : line) },
  );
}
