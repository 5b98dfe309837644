// Plays Lambda: imports a bundle, then calls it as often as it is told, one call after the other, and says how long each took.
const [, , bundle] = process.argv;
const { handler, invokeDirectly } = await import(bundle);

const REMAINING_MS = 30_000;
let calls = 0;

function context() {
  const ends = performance.now() + REMAINING_MS;
  return {
    awsRequestId: `request-${++calls}`,
    getRemainingTimeInMillis: () => Math.floor(ends - performance.now()),
  };
}

/** An answer of another kind than the one that is measured would make the figure worthless. */
function check({ statusCode, body }, servedBy) {
  const answer = JSON.parse(body);
  if (statusCode === 200 && answer.servedBy === servedBy && answer.degraded === false) return;
  throw new Error(`the handler answered ${statusCode}: ${body.slice(0, 500)}`);
}

async function callHandler({ event, servedBy }) {
  const started = performance.now();
  const answer = await handler(event, context());
  const ms = performance.now() - started;
  check(answer, servedBy);
  return ms;
}

async function callDirectly({ endpointName, body }) {
  const started = performance.now();
  await invokeDirectly(endpointName, body);
  return performance.now() - started;
}

const call = handler === undefined ? callDirectly : callHandler;

let input;
async function run(message) {
  input = message.input ?? input;
  const times = [];
  for (let at = 0; at < message.count; at++) times.push(await call(input));
  return times;
}

process.on('message', (message) => {
  run(message).then(
    (times) => process.send({ times }),
    (error) => process.send({ error: error.message }),
  );
});
process.send({ times: [] });
