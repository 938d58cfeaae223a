/** Services whose permissions are judged, by the prefix of their actions. */
const JUDGED = ['cloudtrail', 's3', 'kms', 'logs', 'sns', 'config'];

/** Does a policy, as text, speak of a judged service, by name, wildcard or exception? What cannot be parsed may. */
export function speaksOfJudged(text: string): boolean {
  const document = parsed(text);
  return document === undefined || statementsIn(document).some(statementSpeaks);
}

/**
 * The same policy with nothing but what speaks of judged services. For policies of AWS, which nobody can edit and some
 * of which name thousands of actions (ReadOnlyAccess).
 */
export function cutToJudged(text: string): string {
  const document = parsed(text);
  if (document === undefined) return text;
  const kept = statementsIn(document).filter(statementSpeaks).map(cutActions);
  return JSON.stringify({ ...document, Statement: kept });
}

type Document = { [member: string]: unknown };

function parsed(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Whoever judges it says so; here it is kept.
    return undefined;
  }
}

function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function statementsIn({ Statement: statement }: Document): Document[] {
  return (Array.isArray(statement) ? statement : [statement]).filter(isObject);
}

function statementSpeaks(statement: Document): boolean {
  // Whatever a NotAction leaves out, it lets in all the rest.
  return 'NotAction' in statement || actionsOf(statement).some(actionSpeaks);
}

function actionsOf({ Action: action }: Document): string[] {
  return (Array.isArray(action) ? action : [action]).filter((name) => typeof name === 'string');
}

function cutActions(statement: Document): Document {
  return 'NotAction' in statement ? statement : { ...statement, Action: actionsOf(statement).filter(actionSpeaks) };
}

/** `cloudtrail:*`, `cloud*:Stop*`, `*`: the part before the colon is a pattern as well. */
function actionSpeaks(action: string): boolean {
  const service = action.toLowerCase().split(':')[0] ?? '';
  const pattern = service
    .replace(/[^a-z0-9*?]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const matches = new RegExp(`^${pattern}$`);
  return JUDGED.some((name) => matches.test(name));
}
