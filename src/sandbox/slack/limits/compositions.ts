import { dicts } from '../json.ts';
import { all, array, boolean, byType, type Check, object, oneOf, rule, string } from './schema.ts';

export const ID = string(255);
const ANY = () => undefined;

const plain = (max: number, min = 1) =>
  object({ type: oneOf('plain_text'), text: string(max, min) }, { emoji: boolean });
const mrkdwn = (max: number, min = 1) =>
  object({ type: oneOf('mrkdwn'), text: string(max, min) }, { verbatim: boolean });

export const plainText = (max: number, min = 1): Check => byType(() => ({ plain_text: plain(max, min) }));
export const mrkdwnText = (max: number): Check => byType(() => ({ mrkdwn: mrkdwn(max) }));
export const anyText = (max: number): Check => byType(() => ({ plain_text: plain(max), mrkdwn: mrkdwn(max) }));

export const CONFIRM = object(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: oneOf('primary', 'danger') },
);

const optionOf = (label: Check, extra: Record<string, Check> = {}) =>
  object({ text: label, value: string(75) }, { description: plainText(75), ...extra });

export const SELECT_OPTION = optionOf(plainText(75));
export const CHOICE_OPTION = object({ text: anyText(75), value: string(75) }, { description: anyText(75) });
/** Only an overflow entry may carry a link. */
export const OVERFLOW_OPTION = optionOf(plainText(75), { url: string(3000) });

export const OPTION_GROUP = object({ label: plainText(75), options: array(SELECT_OPTION, 100) });

export const CONVERSATION_FILTER = object(
  {},
  {
    include: array(oneOf('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);

export const DISPATCH = object({}, { trigger_actions_on: array(oneOf('on_enter_pressed', 'on_character_entered'), 2) });

const SLACK_FILE = all(
  object({}, { id: string(255), url: string(3000) }),
  rule((file) => ((file.id === undefined) === (file.url === undefined) ? 'must have either id or url' : undefined)),
);

/** An image by address or by a file in Slack, with the fields of its kind beside it. */
export function imageWith(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return all(
    object(required, { ...optional, image_url: string(3000, 1, /^https?:\/\//), slack_file: SLACK_FILE }),
    rule((image) =>
      (image.image_url === undefined) === (image.slack_file === undefined)
        ? 'must have either image_url or slack_file'
        : undefined,
    ),
  );
}

export const IMAGE_ELEMENT = imageWith(
  { type: oneOf('image'), alt_text: string(2000) },
  // Slack adds these to what it returns, and takes them back.
  { image_width: ANY, image_height: ANY, image_bytes: ANY, fallback: ANY },
);

/** Option values must be unique in a menu, and what is chosen at first must be one of the options. */
export const OPTIONS_AGREE = rule((element) => {
  const groups = dicts(element.option_groups);
  const options = groups.length > 0 ? groups.flatMap((group) => dicts(group.options)) : dicts(element.options);
  const values = options.map((option) => option.value);
  if (new Set(values).size < values.length) return 'option values must be unique';
  const chosen = [...dicts([element.initial_option]), ...dicts(element.initial_options)];
  return chosen.every((option) => values.includes(option.value))
    ? undefined
    : 'initial option is not among the options';
});
