-- An ask is open for as many days as the asker chose. The end that silence brings is kept beside what is due next, which may be a
-- reminder before it.
alter table introductions add column open_days integer not null default 14 check (open_days in (4, 7, 14));
alter table introductions add column ends_at timestamptz;
alter table introductions add column reminded_at timestamptz;
update introductions
set ends_at = date_trunc('hour', coalesce(vouched_at, made_at) + interval '14 days 1 hour' - interval '1 microsecond', 'UTC');
alter table introductions alter column ends_at set not null;

-- A voucher's no: quiet, or with a kind sentence that shows at once. `reason` is why she said no or withdrew her word, for her alone.
alter table introductions add column kind_answer text;
alter table introductions add column reason text;

-- What each side asked to be corrected of what is said of her, once, and when the words were corrected; and how long ago the voucher
-- and she last spoke when the voucher wrote.
alter table introductions add column a_correction text;
alter table introductions add column a_correction_at timestamptz;
alter table introductions add column a_corrected_at timestamptz;
alter table introductions add column a_last_spoke text check (a_last_spoke in ('month', 'year', 'two_years', 'longer'));
alter table introductions add column b_correction text;
alter table introductions add column b_correction_at timestamptz;
alter table introductions add column b_corrected_at timestamptz;
alter table introductions add column b_last_spoke text check (b_last_spoke in ('month', 'year', 'two_years', 'longer'));
