/** Drives the simulated Slack workspace by its control API, as people would use the page. */
export interface ShownMessage {
  ts: string;
  thread_ts?: string;
  channel: string;
  user: string;
  text: string;
  blocks?: unknown[];
  ephemeral_to?: string;
}

export interface Answer {
  ok: boolean;
  error?: string;
  message?: string;
  response_action?: string;
  errors?: { [block: string]: string };
}

export interface Workspace {
  command(role: string, text: string, channel?: string): Promise<Answer>;
  messages(query?: { channel?: string; thread?: string }): Promise<ShownMessage[]>;
  click(role: string, target: { ts?: string; label?: string; action_id?: string; value?: string }): Promise<Answer>;
  views(role: string): Promise<{ modal: unknown; home: unknown }>;
  /** The person's open modal, once it is open. */
  modal(role: string): Promise<unknown>;
  submit(role: string, values?: { [input: string]: unknown }): Promise<Answer>;
  close(role: string): Promise<Answer>;
  home(role: string): Promise<Answer>;
  fault(fault: { kind: string; [field: string]: unknown }): Promise<Answer>;
  acks(): Promise<{ ms: number; acked: boolean; kind: string }[]>;
  /** Waits until a message fits. */
  until(fits: (message: ShownMessage) => boolean, what: string): Promise<ShownMessage>;
}

const CHANNEL = 'audit-trail';
const PATIENCE_MS = 45_000;

/** `control` is the address of the control API, `http://127.0.0.1:<port>/_control`. */
export function driveWorkspace(control: string): Workspace {
  const get = async (path: string) => (await fetch(`${control}${path}`)).json();
  const post = async (path: string, body: object): Promise<Answer> => {
    const response = await fetch(`${control}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return JSON.parse(await response.text());
  };
  const messages: Workspace['messages'] = async (query = {}) => {
    const search = new URLSearchParams(Object.entries(query));
    const shown: object[] = JSON.parse(JSON.stringify(await get(`/messages?${search}`)));
    // What a message does not have is `null` on the wire and absent here.
    return shown.map((message) => JSON.parse(JSON.stringify(message, (_, value) => value ?? undefined)));
  };
  return {
    command: (role, text, channel = CHANNEL) => post('/command', { role, channel, text }),
    messages,
    click: (role, target) => post('/click', { role, channel: CHANNEL, ...target }),
    views: async (role) => JSON.parse(JSON.stringify(await get(`/views?role=${role}`))),
    async modal(role) {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
        const { modal } = JSON.parse(JSON.stringify(await get(`/views?role=${role}`)));
        if (modal !== null) return modal;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`No modal opened for ${role}`);
    },
    submit: (role, values = {}) => post('/submit', { role, values }),
    close: (role) => post('/close', { role }),
    home: (role) => post('/home', { role }),
    fault: (fault) => post('/faults', fault),
    acks: async () => JSON.parse(JSON.stringify(await get('/acks'))),
    async until(fits, what) {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const shown = await messages();
        const found = shown.findLast(fits);
        if (found !== undefined) return found;
        if (Date.now() > end) {
          const last = shown.slice(-12).map((message) => `${message.ts} ${message.text.slice(0, 160)}`);
          throw new Error(`Waited in vain for ${what}. Shown:\n${last.join('\n')}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    },
  };
}

/** Everything a message shows, as one text to look for words in. */
export function visible(message: ShownMessage): string {
  return `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
}
