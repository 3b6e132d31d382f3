// Runs the rows of one client's column and tells what came of each, a line a row.
export const run = async (checks) => {
  setTimeout(() => process.exit(2), 60_000).unref();
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`${name}\tpasses`);
    } catch (error) {
      console.log(`${name}\tfails: ${String(error?.message ?? error).split("\n")[0]}`);
    }
  }
  process.exit(0);
};

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("no failure");
};
