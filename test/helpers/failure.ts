/** With which of the product's errors something failed. */
import { StartflowError } from "../../shared/base/errors";

/** @throws Error where it did not fail, or not with one of ours */
export async function failureOf(work: Promise<unknown> | undefined): Promise<StartflowError> {
  const error = await work?.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof StartflowError) return error;
  throw new Error("no StartflowError", { cause: error });
}
