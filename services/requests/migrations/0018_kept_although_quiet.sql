-- When she last said that a connection she hasn't been in touch with is to stay; for a year she isn't asked about it again.
alter table connections add column kept_at timestamptz;
