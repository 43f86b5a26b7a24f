-- A browser that comes back with a state that counts no more is shown the sign-in it was in.
CREATE INDEX attempt_by_browser ON attempt (bound_browser, created_at) WHERE bound_browser IS NOT NULL;
