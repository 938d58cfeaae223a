/** Every block and element the page draws, with names that try to be markup. */

export const NASTY = '<img src=x onerror=alert(1)> *bold?* <@U0REQUESTER> &lt;b&gt; \u202Egnp.exe';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string, description?: string) => ({
  text: plain(text),
  value: text,
  ...(description === undefined ? {} : { description: plain(description) }),
});
const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const PIXEL =
  'data:image/svg+xml;utf8,%3Csvg xmlns="http://www.w3.org/2000/svg" width="320" height="120"%3E%3Crect width="320" height="120" fill="%234d7fb8"/%3E%3C/svg%3E';
const options = [option('eu-west-1', 'Ireland'), option('us-east-1', 'N. Virginia'), option('ap-south-1')];

/** One block of each type that a message may hold. */
export const MESSAGE_BLOCKS = [
  { type: 'header', text: plain('Audit trail of prod :rotating_light:') },
  {
    type: 'section',
    text: mrkdwn(
      '*Bold* _italic_ ~gone~ `code` <https://example.com/a?b=1&amp;c=2|a link> <@U0REQUESTER> <#C0GENERAL000> <!subteam^S0TRAILAPPR> <!here> :white_check_mark: :no_such_emoji:\n&gt; a quote\nsnake_case_name and 2*3*4 stay\n```\nfenced *text* &lt;kept&gt;\n```',
    ),
    accessory: { type: 'button', text: plain('Review fix'), style: 'primary', action_id: 'review', value: 'f1' },
  },
  { type: 'section', text: plain(NASTY) },
  {
    type: 'section',
    fields: [
      mrkdwn('*Severity*\n:red_circle: Critical'),
      mrkdwn('*Account*\n111111111111'),
      plain('CIS 3.1'),
      plain('PCI 10.2'),
    ],
  },
  {
    type: 'section',
    text: mrkdwn('Due <!date^1700000000^{date_num}|14 November 2023>'),
    accessory: { type: 'overflow', action_id: 'more', options: [option('Snooze 7 days'), option('Accept the risk')] },
  },
  {
    type: 'context',
    elements: [{ type: 'image', image_url: PIXEL, alt_text: 'dot' }, mrkdwn('3 accounts · 42 calls'), plain('4.2 s')],
  },
  { type: 'divider' },
  {
    type: 'actions',
    block_id: 'acts',
    elements: [
      { type: 'button', text: plain('Approve'), style: 'primary', action_id: 'approve', value: 'r1' },
      {
        type: 'button',
        text: plain('Reject'),
        style: 'danger',
        action_id: 'reject',
        value: 'r1',
        confirm: {
          title: plain('Reject this fix?'),
          text: mrkdwn('*Nothing* will change.'),
          confirm: plain('Reject'),
          deny: plain('Keep'),
        },
      },
      { type: 'button', text: plain('Open in AWS'), url: 'https://console.aws.amazon.com/', action_id: 'open' },
      { type: 'static_select', action_id: 'region', placeholder: plain('Region'), options },
      {
        type: 'multi_static_select',
        action_id: 'regions',
        placeholder: plain('Regions'),
        initial_options: options.slice(0, 2),
        options,
      },
      { type: 'users_select', action_id: 'who', initial_user: 'U0APPROVER1', placeholder: plain('Somebody') },
      { type: 'conversations_select', action_id: 'where', placeholder: plain('Where') },
      { type: 'channels_select', action_id: 'channel', initial_channel: 'C0GENERAL000' },
      { type: 'external_select', action_id: 'external', placeholder: plain('From elsewhere') },
      { type: 'datepicker', action_id: 'day', initial_date: '2026-11-20' },
      { type: 'timepicker', action_id: 'time', initial_time: '09:30' },
      { type: 'datetimepicker', action_id: 'moment', initial_date_time: 1763632800 },
      { type: 'checkboxes', action_id: 'boxes', options: options.slice(0, 2), initial_options: options.slice(0, 1) },
      { type: 'radio_buttons', action_id: 'radios', options: options.slice(0, 2), initial_option: options[0] },
    ],
  },
  { type: 'image', image_url: PIXEL, alt_text: 'A blue field', title: plain('Trend of the score') },
  { type: 'image', image_url: 'https://example.com/elsewhere.png', alt_text: 'An image elsewhere' },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Bucket ' },
          { type: 'text', text: NASTY, style: { code: true } },
          { type: 'text', text: ' owned by ' },
          { type: 'user', user_id: 'U0APPROVER1' },
          { type: 'text', text: ' of ' },
          { type: 'usergroup', usergroup_id: 'S0TRAILAPPR' },
          { type: 'text', text: ' in ' },
          { type: 'channel', channel_id: 'C0AUDITTRAIL' },
          { type: 'emoji', name: 'lock' },
          { type: 'text', text: ' bold', style: { bold: true } },
          { type: 'text', text: ' italic', style: { italic: true } },
          { type: 'text', text: ' gone ', style: { strike: true } },
          { type: 'link', url: 'https://example.com', text: 'documentation' },
          { type: 'link', url: 'javascript:alert(1)', text: ' not a link ' },
          { type: 'date', timestamp: 1700000000, format: '{date_num}', fallback: '2023' },
          { type: 'color', value: '#c9264e' },
          { type: 'broadcast', range: 'here' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [richText('first').elements[0], richText('second').elements[0]],
      },
      { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [richText('inner').elements[0]] },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'quoted' }] },
      {
        type: 'rich_text_preformatted',
        elements: [{ type: 'text', text: 'aws cloudtrail update-trail \\\n  --name org --is-multi-region-trail' }],
      },
    ],
  },
  {
    type: 'markdown',
    text: '# Plan\n\n- **one** `call`\n- [docs](https://example.com)\n\n> careful\n\n```\naws s3 ls\n```',
  },
  {
    type: 'table',
    column_settings: [{ align: 'left' }, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'Check' },
        { type: 'raw_text', text: 'Failing' },
      ],
      [
        { type: 'raw_text', text: 'trail/logging' },
        { type: 'raw_number', value: 2, text: '2' },
      ],
      [richText(NASTY), { type: 'raw_number', value: 11, text: '11' }],
    ],
  },
  {
    type: 'data_table',
    block_id: 'matrix',
    caption: 'Accounts and their score',
    page_size: 3,
    rows: [
      [
        { type: 'raw_text', text: 'Account' },
        { type: 'raw_text', text: 'Score' },
      ],
      ...[
        ['payments', 91],
        ['archive', 40],
        ['orders', 100],
        ['sandbox', 9],
        ['staging', 77],
      ].map(([name, score]) => [
        { type: 'raw_text', text: String(name) },
        { type: 'raw_number', value: Number(score), text: String(score) },
      ]),
    ],
  },
  {
    type: 'container',
    block_id: 'evidence',
    title: plain('Evidence'),
    subtitle: plain('what was read, and when'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: mrkdwn('IsLogging: `false`') }],
  },
  {
    type: 'card',
    title: mrkdwn('*Turn logging on*'),
    subtitle: mrkdwn('payments · eu-west-1'),
    body: mrkdwn('One call, can be undone.'),
    actions: [{ type: 'button', text: plain('Review'), action_id: 'card-review' }],
  },
  {
    type: 'carousel',
    elements: ['One', 'Two', 'Three', 'Four'].map((name) => ({
      type: 'card',
      title: mrkdwn(name),
      body: mrkdwn('A card'),
    })),
  },
  { type: 'alert', level: 'warning', text: mrkdwn('A *second* copy of the events is billed.') },
  {
    type: 'plan',
    title: 'Applying',
    tasks: [
      { type: 'task_card', task_id: '1', title: 'Assume the fixer role', status: 'complete' },
      {
        type: 'task_card',
        task_id: '2',
        title: 'StartLogging',
        status: 'in_progress',
        details: richText('request 7c1f'),
      },
      { type: 'task_card', task_id: '3', title: 'Read again', status: 'pending' },
      { type: 'task_card', task_id: '4', title: 'Notify', status: 'error', output: richText('AccessDenied') },
    ],
  },
  {
    type: 'task_card',
    task_id: '9',
    title: 'Alone',
    status: 'complete',
    sources: [{ type: 'url', url: 'https://example.com', text: 'source' }],
  },
  {
    type: 'data_visualization',
    title: 'Findings by severity',
    chart: {
      type: 'pie',
      segments: [
        { label: 'Critical', value: 3 },
        { label: 'High', value: 5 },
        { label: 'Medium', value: 8 },
      ],
    },
  },
  ...['bar', 'line', 'area'].map((type) => ({
    type: 'data_visualization',
    title: `Score, as ${type}`,
    chart: {
      type,
      series: ['prod', 'staging'].map((name, at) => ({
        name,
        data: ['Mon', 'Tue', 'Wed', 'Thu'].map((label, day) => ({ label, value: 40 + at * 20 + day * 11 })),
      })),
      axis_config: { categories: ['Mon', 'Tue', 'Wed', 'Thu'] },
    },
  })),
  {
    type: 'video',
    title: plain('How to enable MFA delete'),
    video_url: 'https://example.com/v',
    thumbnail_url: 'https://example.com/t',
    alt_text: 'video',
  },
  { type: 'file', source: 'remote', external_id: 'report-2026-11' },
  {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: 'feedback',
        positive_button: { text: plain('Good'), value: 'good' },
        negative_button: { text: plain('Bad'), value: 'bad' },
      },
      { type: 'icon_button', action_id: 'drop', icon: 'trash', text: plain('Remove') },
    ],
  },
  { type: 'hologram', text: plain('nobody knows this one') },
];

/** One input of each kind, as a modal holds them. */
export const MODAL_BLOCKS = [
  { type: 'section', block_id: 'intro', text: mrkdwn('*1 call* in account `111111111111` (payments), eu-west-1.') },
  {
    type: 'input',
    block_id: 'reason',
    label: plain('Reason'),
    hint: plain('It goes into the audit log.'),
    element: { type: 'plain_text_input', action_id: 'text', multiline: true, placeholder: plain('Why now?') },
  },
  {
    type: 'input',
    block_id: 'ticket',
    optional: true,
    label: plain('Ticket'),
    element: { type: 'plain_text_input', action_id: 'text' },
  },
  {
    type: 'input',
    block_id: 'days',
    label: plain('Days'),
    element: { type: 'number_input', action_id: 'n', is_decimal_allowed: false, initial_value: '30' },
  },
  { type: 'input', block_id: 'mail', label: plain('E-mail'), element: { type: 'email_text_input', action_id: 'mail' } },
  { type: 'input', block_id: 'url', label: plain('Address'), element: { type: 'url_text_input', action_id: 'url' } },
  { type: 'input', block_id: 'rich', label: plain('Notes'), element: { type: 'rich_text_input', action_id: 'rich' } },
  {
    type: 'input',
    block_id: 'class',
    label: plain('Storage class'),
    element: {
      type: 'static_select',
      action_id: 'pick',
      option_groups: [
        { label: plain('Warm'), options: [option('Standard'), option('Standard-IA')] },
        { label: plain('Cold'), options: [option('Glacier'), option('Deep Archive', 'hours to read')] },
      ],
    },
  },
  {
    type: 'input',
    block_id: 'people',
    label: plain('Tell'),
    element: { type: 'multi_users_select', action_id: 'who' },
  },
  {
    type: 'input',
    block_id: 'boxes',
    label: plain('I know that'),
    element: { type: 'checkboxes', action_id: 'boxes', options: [option('it costs money')] },
  },
];

const PEOPLE = [
  { id: 'U0REQUESTER', name: 'rita', real_name: 'Rita', role: 'requester', title: 'Platform engineer' },
  { id: 'U0APPROVER1', name: 'amal', real_name: 'Amal', role: 'approver', title: 'Security lead' },
  { id: 'U0APPROVER2', name: 'bo', real_name: 'Bo', role: 'approver2', title: 'Compliance' },
  { id: 'U0GUEST0001', name: 'gil', real_name: 'Gil', role: 'guest', title: 'Auditor' },
];

/** The state of a workspace with nothing said in it; `more` overrides any part. */
export function workspaceState(more: object = {}): object {
  return {
    seq: 1,
    team: { id: 'T0TRAILDEMO', name: 'Acme' },
    me: 'U0REQUESTER',
    people: PEOPLE,
    channels: [
      { id: 'C0AUDITTRAIL', name: 'audit-trail', kind: 'channel' },
      { id: 'C0GENERAL000', name: 'general', kind: 'channel' },
      { id: 'D0REQUESTER', name: 'trail-check', kind: 'im' },
    ],
    usergroups: [{ id: 'S0TRAILAPPR', handle: 'trail-approvers', name: 'Approvers' }],
    bot: { user_id: 'U0TRAILBOT', name: 'trail-check' },
    commands: [
      { command: '/trail-check', description: 'Check the audit trail', usage_hint: '<environment> | help | status' },
    ],
    messages: {},
    home: null,
    modals: [],
    ...more,
  };
}

/** A message of the bot (or of `more.user`) in #audit-trail. `ts` is in seconds. */
export function message(ts: number, more: object = {}): object {
  return {
    ts: `${ts}.000100`,
    channel: 'C0AUDITTRAIL',
    user: 'U0TRAILBOT',
    username: 'trail-check',
    is_bot: true,
    text: 'fallback',
    ...more,
  };
}
