// An MCP server of protocol 2026-07-28 on its standard streams: asks back, takes its time, grows.
import { McpServer, inputRequired } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const text = (said) => ({ content: [{ type: 'text', text: said }] });

function create() {
  const server = new McpServer(
    { name: 'stateless', version: '1.0.0' },
    {
      instructions: 'Ask me twice.',
      capabilities: { tools: { listChanged: true }, logging: {} },
    },
  );

  server.registerTool(
    'echo',
    { description: 'Says it again.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, ctx) => {
      await ctx.mcpReq.log('info', 'echo of ' + message, 'echo');
      return text('Echo: ' + message);
    },
  );

  server.registerTool(
    'greet',
    { description: 'Asks who you are.', inputSchema: z.object({ word: z.string() }) },
    async ({ word }, ctx) => {
      const said = ctx.mcpReq.inputResponses;
      if (!said) {
        return inputRequired({
          requestState: 'round one',
          inputRequests: {
            who: inputRequired.elicit({
              message: 'Who are you?',
              requestedSchema: {
                type: 'object',
                properties: {
                  name: { type: 'string' },
                  mood: { type: 'string', default: 'fine' },
                },
                required: ['name'],
              },
            }),
            where: inputRequired.listRoots(),
            what: inputRequired.createMessage({
              messages: [{ role: 'user', content: { type: 'text', text: 'A word?' } }],
              maxTokens: 5,
            }),
          },
        });
      }
      return text(
        [
          word,
          said.who.action,
          said.who.content?.name,
          said.who.content?.mood,
          said.where.roots.length,
          said.what.content.text,
          ctx.mcpReq.requestState(),
        ].join(' '),
      );
    },
  );

  server.registerTool(
    'wait',
    { description: 'Waits until it is cancelled.', inputSchema: z.object({}) },
    async (_, ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      await ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress: 1, total: 9, message: 'waiting' },
      });
      await new Promise((done) => ctx.mcpReq.signal.addEventListener('abort', done));
      console.error('was cancelled');
      return text('too late');
    },
  );

  server.registerTool(
    'grow',
    { description: 'Learns another tool.', inputSchema: z.object({}) },
    async () => {
      server.registerTool('new', { inputSchema: z.object({}) }, async () => text('new'));
      return text('grown');
    },
  );

  return server;
}

serveStdio(create, { legacy: process.argv[2] === 'modern' ? 'reject' : 'serve' });
