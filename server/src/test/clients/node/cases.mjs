// Cases that a script runs against a server, one line each, for the test that started it:
//     ok NAME
//     FAILED NAME: why
//     done COUNT
import assert from 'node:assert/strict';

const cases = [];

/** Adds a case. */
export function test(name, body) {
  cases.push([name, body]);
}

/** Runs every case and ends the process: 0 if all of them passed. */
export async function run(...given) {
  let failed = 0;
  for (const [name, body] of cases) {
    try {
      await body(...given);
      console.log(`ok ${name}`);
    } catch (why) {
      failed++;
      console.log(`FAILED ${name}: ${String(why?.message ?? why).split(/\s+/).join(' ')}`);
      console.error(why);
    }
  }
  console.log(`done ${cases.length}`);
  process.exit(failed ? 1 : 0);
}

/** The error of a kind that a call must end with. */
export async function refused(kind, call) {
  let answer;
  try {
    answer = await call();
  } catch (refusal) {
    assert.ok(refusal instanceof kind, `${refusal?.name ?? refusal} is no ${kind.name}: ${refusal?.message}`);
    return refusal;
  }
  assert.fail(`no ${kind.name}, but ${JSON.stringify(answer)}`);
}
