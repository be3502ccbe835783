/** `npm run submissions -- list | show | resolve`: what an operator does with submissions of an unknown outcome. */

import {
  findSubmissions,
  type ListedSubmission,
  listSubmissions,
  Refused,
  resolveSubmission,
  theSubmission,
} from "../shared/once/resolve";
import { runCommand } from "./command";
import { failureText, openDatabase } from "./submissions-database";
import { readSubmissionsOptions, type SubmissionsOptions, USAGE } from "./submissions-options";
import { details, shown, table } from "./submissions-print";

async function answer(options: SubmissionsOptions): Promise<ListedSubmission[]> {
  const { command, submissionId, environment, decision } = options;
  const database = await openDatabase(options);
  if (command === "list") return listSubmissions(database, options);
  if (command === "resolve") {
    const record = await theSubmission(database, submissionId, environment);
    await resolveSubmission(database, record, decision);
    return [await theSubmission(database, submissionId, record.environment)];
  }
  const found = await findSubmissions(database, submissionId, environment);
  if (found.length === 0) await theSubmission(database, submissionId, environment);
  return found;
}

async function run(args: string[]): Promise<void> {
  const options = readSubmissionsOptions(args);
  try {
    const records = await answer(options);
    if (options.json) console.log(JSON.stringify(records.map(shown), null, 2));
    else console.log(options.command === "list" ? table(records) : records.map(details).join("\n\n"));
  } catch (error) {
    throw error instanceof Refused ? error : new Error(failureText(error, options), { cause: error });
  }
}

await runCommand("submissions", USAGE, run);
