// Calls the server with connect-web. Usage: node check.js BASE-URL KEY
import { runAll } from "./calls.js";

const [base, key] = process.argv.slice(2);
const failed = await runAll(base, key);
console.log(failed.join("\n"));
process.exit(failed.length === 0 ? 0 : 1);
