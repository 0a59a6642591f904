-- Whether the two are in touch: when the side who writes first was asked, and what she said.
alter table introductions add column in_touch_asked_at timestamptz;
alter table introductions add column in_touch_reminded_at timestamptz;
alter table introductions add column in_touch text check (in_touch in ('yes', 'not_yet'));
