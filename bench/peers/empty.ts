/** The limit: a handler that does nothing. */
export = async () => ({});
