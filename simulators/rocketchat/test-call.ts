/** The body of the "Send Test" button: no `visitor.token`, and messages without author or id. */
export const testCall = {
  type: 'LivechatSession',
  _id: 'fasd6f5a4sd6f8a4sdf',
  label: 'title',
  topic: 'asiodojf',
  createdAt: '2026-01-01T00:00:00.000Z',
  lastMessageAt: '2026-01-01T00:00:00.000Z',
  tags: ['tag1', 'tag2', 'tag3'],
  customFields: { productId: '123456' },
  visitor: {
    _id: '',
    name: 'visitor name',
    username: 'visitor-username',
    department: 'department',
    email: 'email@address.com',
    phone: '192873192873',
    ip: '123.456.7.89',
    browser: 'Chrome',
    os: 'Linux',
    customFields: { customerId: '123456' },
  },
  agent: { _id: 'asdf89as6df8', username: 'agent.username', name: 'Agent Name', email: 'agent@email.com' },
  messages: [
    { username: 'visitor-username', msg: 'message content', ts: '2026-01-01T00:00:00.000Z' },
    {
      username: 'agent.username',
      agentId: 'asdf89as6df8',
      msg: 'message content from agent',
      ts: '2026-01-01T00:00:00.000Z',
    },
  ],
}
