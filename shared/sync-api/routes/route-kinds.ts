/** How a caller says who he is, and the methods that a route can have: of both the seed's product names the first three and two. */

export const AUTH_KINDS = ["none", "token", "password", "hmac"] as const;
export type AuthKind = (typeof AUTH_KINDS)[number];

export const API_METHODS = ["GET", "POST"] as const;
export type ApiMethod = (typeof API_METHODS)[number];
