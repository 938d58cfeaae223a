import type { Scope } from '../check/check.ts';
import { coverageOf } from '../check/coverage.ts';
import { type Subject, subjectsOf } from '../check/subject.ts';
import type { Snapshot } from '../snapshot/types.ts';

/**
 * The subjects of another scope that a fix on `subject` leans on: the bucket, key and log group of a trail, the trails
 * that an account owns. `first` checks are asked about these. A trail that covers an account from elsewhere is not the
 * account's to change.
 */
export function relatedSubjects(subject: Subject, scope: Scope, snapshot: Snapshot): Subject[] {
  if (subject.kind === scope) return [subject];
  const trails = new Set(trailsOf(subject, snapshot));
  return subjectsOf(scope, snapshot).filter((candidate) => {
    switch (candidate.kind) {
      case 'trail':
        return trails.has(candidate.arn);
      case 'account':
        return candidate.account === subject.account;
      case 'organization':
        return true;
      case 'event-data-store':
        return false;
      default:
        return candidate.trails.some((arn) => trails.has(arn));
    }
  });
}

function trailsOf(subject: Subject, snapshot: Snapshot): string[] {
  switch (subject.kind) {
    case 'trail':
      return [subject.arn];
    case 'account': {
      const coverage = coverageOf(snapshot, subject.account);
      const own = coverage.state === 'read' ? coverage.value.trails.filter(({ inherited }) => !inherited) : [];
      return own.map(({ trail }) => trail.TrailARN);
    }
    case 'organization':
      return Object.values(snapshot.trail).flatMap((part) =>
        part.state === 'read' && part.value.owner === subject.account ? [part.value.TrailARN] : [],
      );
    case 'event-data-store':
      return [];
    default:
      return subject.trails;
  }
}
