/** What a submission id looks like: here, because the page knows it too. */

/** Made by the page when the form opens (a UUID fits). */
export const SUBMISSION_ID = /^[0-9A-Za-z_-]{8,64}$/;
