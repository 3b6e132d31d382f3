// Stands for the client under test: hands a scenario to the test that listens on the port of the
// first argument, and ends as that says.
const told = await fetch(`http://127.0.0.1:${process.argv[2]}/`, {
  method: 'POST',
  body: JSON.stringify({
    scenario: process.env.MCP_CONFORMANCE_SCENARIO ?? '',
    context: process.env.MCP_CONFORMANCE_CONTEXT ?? '',
    version: process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? '',
    url: process.argv.at(-1),
  }),
});
process.stderr.write(await told.text());
process.exit(told.ok ? 0 : 1);
