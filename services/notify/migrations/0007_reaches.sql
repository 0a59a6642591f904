-- expand: a column with a default that older code needn't write; its letters are those of a member.

-- Whom the last look asks about: a member who takes part, one who may be suspended, or (address) nobody, for `recipient_id` is no member's.
alter table letters add column reaches text not null default 'member';
