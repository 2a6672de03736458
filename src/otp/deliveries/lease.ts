/** How long an instance may hold a delivery before any other takes it over, in ms. */
export const LEASE_MS = 30_000;
