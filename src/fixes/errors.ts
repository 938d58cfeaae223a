import { TrailCheckError } from '../ops/error.ts';

/** The execution of a fix stopped where it may be taken up again; the job that carries it is tried again. */
export class FixStopped extends TrailCheckError {
  override readonly name = 'FixStopped';

  constructor(fix: string, why: string) {
    super(`Fix ${fix} stopped: ${why}`, { what: fix, next: 'It is tried again by itself.' });
  }
}
