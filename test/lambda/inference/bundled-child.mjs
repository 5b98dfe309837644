// Runs a bundle of the inference function as Lambda does: imports it, calls its handler, prints the answer.
const started = performance.now();
const { handler } = await import(process.argv[2]);
const initMs = performance.now() - started;
process.on('message', async ({ id, event }) => {
  const context = { awsRequestId: 'lambda-request', getRemainingTimeInMillis: () => 10_000 };
  process.send({ id, answer: await handler(event, context) });
});
process.send({ initMs });
